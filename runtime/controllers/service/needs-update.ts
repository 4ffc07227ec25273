import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { Node, Service } from '../../../api/types/core-v1.generated.ts'

// k8s.io/cloud-provider controllers/service/controller.go: which Services and nodes matter to load balancers

export const finalizer = 'service.kubernetes.io/load-balancer-cleanup'

export const wantsLoadBalancer = ({ spec }: Service): boolean =>
  spec?.type === 'LoadBalancer' && spec.loadBalancerClass === undefined

export const hasFinalizer = ({ metadata }: Service): boolean => metadata.finalizers?.includes(finalizer) === true

export const needsCleanup = (service: Service): boolean =>
  hasFinalizer(service) && (service.metadata.deletionTimestamp !== undefined || service.spec?.type !== 'LoadBalancer')

/** Fields of the spec whose change a load balancer has to follow. */
const fields = [
  'loadBalancerSourceRanges',
  'sessionAffinity',
  'sessionAffinityConfig',
  'loadBalancerIP',
  'externalIPs',
  'externalTrafficPolicy',
  'healthCheckNodePort',
  'ports',
] as const

export const needsUpdate = (before: Service, after: Service): boolean => {
  if (!wantsLoadBalancer(before) && !wantsLoadBalancer(after)) return false
  return (
    wantsLoadBalancer(before) !== wantsLoadBalancer(after) ||
    fields.some((field) => !structuralEqual(before.spec?.[field], after.spec?.[field])) ||
    before.spec?.ipFamilies?.length !== after.spec?.ipFamilies?.length ||
    !structuralEqual(before.metadata.annotations, after.metadata.annotations) ||
    before.metadata.uid !== after.metadata.uid
  )
}

const excludeLabel = 'node.kubernetes.io/exclude-from-external-load-balancers'
const truths: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])
const falsehoods: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False'])

/** nodeIncludedPredicate; what strconv.ParseBool cannot read leaves a node out. */
const isIncluded = ({ metadata }: Node): boolean => {
  const value = metadata.labels?.[excludeLabel]
  return value === undefined || (!truths.has(value) && falsehoods.has(value))
}

/** stableNodeSetPredicates. NotReady nodes stay: their health checks tell. */
export const isHost = (node: Node): boolean =>
  node.metadata.deletionTimestamp === undefined &&
  isIncluded(node) &&
  !(node.spec?.taints ?? []).some((one) => one.key === 'ToBeDeletedByClusterAutoscaler')

/** shouldSyncUpdatedNode */
export const hostsMayChange = (before: Node, after: Node): boolean =>
  isIncluded(before) !== isIncluded(after) || before.spec?.providerID !== after.spec?.providerID
