import type { Defaulters } from './defaulter.ts'
import { change, fillNil, fillZero, replace, type Fields } from './fill.ts'

const rbac = 'io.k8s.api.rbac.v1.'
const rbacGroup = 'rbac.authorization.k8s.io'
const admission = 'io.k8s.api.admissionregistration.v1.'
const flow = 'io.k8s.api.flowcontrol.v1.'

const roleRef = (value: Fields): Fields =>
  change(value, 'roleRef', (ref) => fillZero(ref ?? {}, { apiGroup: rbacGroup }))

const webhook: Fields = {
  failurePolicy: 'Fail',
  matchPolicy: 'Equivalent',
  namespaceSelector: {},
  objectSelector: {},
  timeoutSeconds: 10,
}

const failClosed = (value: Fields): Fields => fillNil(value, { failurePolicy: 'Fail' })
const rule = (value: Fields): Fields => fillNil(value, { scope: '*' })

/** Defaults of rbac, admissionregistration, flowcontrol and scheduling. */
export const policyGroupDefaulters: Defaulters = {
  [`${rbac}ClusterRoleBinding`]: roleRef,
  [`${rbac}RoleBinding`]: roleRef,
  [`${rbac}Subject`]: (value) =>
    value['kind'] === 'User' || value['kind'] === 'Group' ? fillZero(value, { apiGroup: rbacGroup }) : value,
  [`${admission}ValidatingWebhook`]: (value) => fillNil(value, webhook),
  [`${admission}MutatingWebhook`]: (value) => fillNil(value, { ...webhook, reinvocationPolicy: 'Never' }),
  [`${admission}RuleWithOperations`]: rule,
  [`${admission}NamedRuleWithOperations`]: rule,
  [`${admission}ServiceReference`]: (value) => fillNil(value, { port: 443 }),
  'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference': (value) => fillNil(value, { port: 443 }),
  [`${admission}ValidatingAdmissionPolicySpec`]: failClosed,
  [`${admission}MutatingAdmissionPolicySpec`]: failClosed,
  [`${admission}MatchResources`]: (value) =>
    fillNil(value, { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} }),
  [`${flow}FlowSchemaSpec`]: (value) => fillZero(value, { matchingPrecedence: 1000 }),
  [`${flow}ExemptPriorityLevelConfiguration`]: (value) =>
    fillNil(value, { nominalConcurrencyShares: 0, lendablePercent: 0 }),
  [`${flow}LimitedPriorityLevelConfiguration`]: (value) =>
    fillNil(value, { nominalConcurrencyShares: 30, lendablePercent: 0 }),
  [`${flow}QueuingConfiguration`]: (value) => fillZero(value, { handSize: 8, queues: 64, queueLengthLimit: 50 }),
  'io.k8s.api.scheduling.v1.PriorityClass': (value) => fillNil(value, { preemptionPolicy: 'PreemptLowerPriority' }),
  'io.k8s.api.networking.v1.NetworkPolicyPort': (value) => fillNil(value, { protocol: 'TCP' }),
  'io.k8s.api.networking.v1.NetworkPolicy': (value) =>
    change(value, 'spec', (one) => {
      const spec = one ?? {}
      if (((spec['policyTypes'] as readonly unknown[] | undefined) ?? []).length > 0) return spec
      const egress = ((spec['egress'] as readonly unknown[] | undefined) ?? []).length > 0
      return replace(spec, { policyTypes: egress ? ['Ingress', 'Egress'] : ['Ingress'] })
    }),
  'io.k8s.api.networking.v1.IngressClassParametersReference': (value) => fillNil(value, { scope: 'Cluster' }),
  'io.k8s.api.discovery.v1.EndpointPort': (value) => fillNil(value, { name: '', protocol: 'TCP' }),
}
