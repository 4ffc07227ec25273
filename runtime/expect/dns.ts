import type { Pod, Service } from '../../api/types/core-v1.generated.ts'
import type { EndpointSlice } from '../../api/types/discovery-v1.generated.ts'
import { lookUp, type DnsService, type LookUp } from '../network/dns/look-up.ts'
import { networkPlugin } from '../network/network-plugin.ts'
import { createPolicyGuard, policyPod } from '../network/policy-guard.ts'
import type { ContainerTruth } from '../record/container-truth.ts'
import type { State } from '../record/state.ts'
import { EvaluationError } from './evaluation-error.ts'
import type { Moment } from './moment.ts'
import { presentObject } from './resolve-noun.ts'
import { listValue, type Value } from './value.ts'

type Fn = (args: readonly Value[], moment: Moment) => Value

const slicesResource = 'endpointslices.discovery.k8s.io'
const home = { namespace: 'kube-system', name: 'kube-dns' } as const
const dnsPort = 53

const slicesOf = (state: State, namespace: string, service: string): readonly EndpointSlice[] =>
  (state.list(slicesResource, namespace) as readonly EndpointSlice[]).filter(
    (slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === service,
  )

/** Whether a process of the pod runs, in the runtime of its node. */
const runs = (pod: Pod, state: State): boolean =>
  pod.spec.containers.some(({ name }) => {
    const subject = `containers/${pod.spec.nodeName ?? ''}/${pod.metadata.namespace ?? ''}/${pod.metadata.name}/${name}`
    return (state.truth(subject) as ContainerTruth | undefined)?.state === 'Running'
  })

const endOf = (
  pod: Pod,
): { address: string; pod: ReturnType<typeof policyPod> | undefined; node: string | undefined } => ({
  address: pod.status.podIP ?? '',
  pod: pod.spec.hostNetwork === true ? undefined : policyPod(pod),
  node: pod.spec.nodeName,
})

/**
 * The cluster's DNS as the pod reaches it: a question that is lost is asked again, so one pod that answers is enough.
 * Differs: who stands behind the address is read from the slices, not from the rules of the pod's node.
 */
const dnsOf = (pod: Pod, moment: Moment): DnsService => {
  const { state } = moment
  const service = state.get('services', home.namespace, home.name) as Service | undefined
  const ready = slicesOf(state, home.namespace, home.name).flatMap((slice) =>
    (slice.endpoints ?? []).flatMap(({ conditions, targetRef }) =>
      conditions?.ready === false || targetRef?.kind !== 'Pod'
        ? []
        : [state.get('pods', targetRef.namespace, targetRef.name ?? '') as Pod | undefined],
    ),
  )
  const passes = createPolicyGuard(state, networkPlugin(moment.world.network))
  const from = endOf(pod)
  const answers = ready.some(
    (one) => one !== undefined && runs(one, state) && passes({ from, to: endOf(one), protocol: 'UDP', port: dnsPort }),
  )
  return {
    address: service?.spec.clusterIP,
    reached: answers ? 'answers' : service !== undefined && ready.length === 0 ? 'refused' : 'timeout',
    cluster: {
      service: (namespace, name) => state.get('services', namespace, name) as Service | undefined,
      slices: (namespace, name) => slicesOf(state, namespace, name),
      hasNamespace: (name) => state.get('namespaces', undefined, name) !== undefined,
    },
  }
}

const lookedUp = ([noun, name]: readonly Value[], moment: Moment, what: string): LookUp => {
  const only = noun?.kind === 'list' && noun.items.length === 1 ? noun.items[0] : noun
  if (only?.kind !== 'subject' || only.subject.kind !== 'object' || only.subject.resource !== 'pods')
    throw new EvaluationError(`${what}(…) looks a name up in a pod: ${what}(pod/client, "web")`)
  if (name?.kind !== 'string' || name.value === '')
    throw new EvaluationError(`${what}(…) wants a name: ${what}(pod/client, "web.default")`)
  for (const read of ['pods', 'services', 'namespaces', slicesResource, 'networkpolicies.networking.k8s.io'])
    moment.reads.add(read)
  moment.reads.add('containers/')
  const pod = presentObject(only.subject, moment) as Pod | undefined
  if (pod === undefined) throw new EvaluationError(`pod/${only.subject.name} is gone: nobody looks up ${name.value}`)
  return lookUp(pod, name.value, dnsOf(pod, moment))
}

const texts = (list: readonly string[]): Value => listValue(list.map((value): Value => ({ kind: 'string', value })))

/** How the look-up of a name ends: NOERROR, NXDOMAIN, NODATA, refused, timeout. */
export const lookupStatus: Fn = (args, moment) => ({ kind: 'string', value: lookedUp(args, moment, 'lookup').status })
/** The addresses that a name stands for. */
export const resolvedAddresses: Fn = (args, moment) => texts(lookedUp(args, moment, 'resolve').addresses)
/** The names that a resolver asks for until it has an answer. */
export const askedNames: Fn = (args, moment) => texts(lookedUp(args, moment, 'queries').asked)
