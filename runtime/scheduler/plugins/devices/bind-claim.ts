import type { DeviceRequestAllocationResult, ResourceClaim } from '../../../../api/types/resource-v1.generated.ts'
import type { PreBindStep, StepAnswer } from '../../framework.ts'
import type { PodInfo } from '../../pod-info.ts'

const finalizer = 'resource.kubernetes.io/delete-protection'
const claimKind = 'resource.k8s.io/v1/ResourceClaim'
const conflict = 409
/** retry.DefaultRetry. */
const tries = 5
const pause = 0.01

interface Binding {
  readonly pod: PodInfo
  readonly node: string
  /** undefined: the claim has its devices already. */
  readonly devices: readonly DeviceRequestAllocationResult[] | undefined
  /** metav1.Time of now. */
  readonly timestamp: () => string
}

type Steps<A> = Generator<PreBindStep, A, unknown>
interface Failure {
  readonly message: string
  readonly again: boolean
}

const failure = (message: string, again = false): Failure => ({ message, again })

function* written(step: PreBindStep): Steps<StepAnswer> {
  return (yield step) as StepAnswer
}

function* attempt(given: ResourceClaim, { pod, node, devices, timestamp }: Binding): Steps<Failure | undefined> {
  let claim = given
  const name = `${claim.metadata.namespace ?? ''}/${claim.metadata.name}`
  if (claim.metadata.deletionTimestamp !== undefined) return failure(`claim ${name} got deleted in the meantime`)
  if (devices !== undefined) {
    if (claim.status?.allocation !== undefined) return failure(`claim ${name} got allocated elsewhere in the meantime`)
    const { finalizers = [] } = claim.metadata
    if (!finalizers.includes(finalizer)) {
      const object = { ...claim, metadata: { ...claim.metadata, finalizers: [...finalizers, finalizer] } }
      const answer = yield* written({ kind: 'write', verb: 'update', object })
      if (!answer.ok) return failure(`add finalizer to claim ${name}: ${answer.message}`, answer.code === conflict)
      claim = answer.object as ResourceClaim
    }
  } else if (claim.status?.allocation === undefined)
    return failure(`claim ${name} got deallocated elsewhere in the meantime`)
  const allocation =
    devices === undefined
      ? { ...claim.status.allocation, allocationTimestamp: claim.status.allocation?.allocationTimestamp ?? timestamp() }
      : {
          devices: { results: devices },
          nodeSelector: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In' as const, values: [node] }] }],
          },
          allocationTimestamp: timestamp(),
        }
  const reservedFor = [...(claim.status?.reservedFor ?? []), { resource: 'pods', name: pod.name, uid: pod.uid }]
  const object = { ...claim, status: { ...claim.status, allocation, reservedFor } }
  const answer = yield* written({ kind: 'write', verb: 'updateStatus', object })
  if (answer.ok) return undefined
  const what = devices === undefined ? 'reservation' : 'allocation and reservation'
  return failure(`add ${what} to claim ${name}: ${answer.message}`, answer.code === conflict)
}

/** bindClaim (plugins/dynamicresources): a claim's devices and the pod that uses it. What another wrote meanwhile is read anew. */
export function* bindClaim(given: ResourceClaim, binding: Binding): Steps<string | undefined> {
  let claim = given
  const { namespace = '', name } = claim.metadata
  for (let turn = 1; ; turn += 1) {
    const failed = yield* attempt(claim, binding)
    if (failed === undefined) return undefined
    if (!failed.again || turn === tries) return failed.message
    yield { kind: 'wait', seconds: pause }
    const current = yield* written({ kind: 'read', resourceKind: claimKind, namespace, name })
    if (!current.ok) return `get updated claim ${namespace}/${name} after conflict: ${current.message}`
    claim = current.object as ResourceClaim
  }
}
