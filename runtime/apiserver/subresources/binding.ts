import { withField } from '../../../api/decode/with-field.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { Binding, Pod, PodCondition, PodStatus } from '../../../api/types/core-v1.generated.ts'
import { objectKey } from '../../etcd/start-state.ts'
import { decodeBody } from '../http-body.ts'
import { changeMeta } from '../object-meta.ts'
import type { Step } from '../server-context.ts'
import { badRequest, conflict, failure, isRefusal, plainError, success, type Refusal } from '../status.ts'
import type { Call } from '../verbs/call.ts'
import { guaranteedUpdate, type Change } from '../verbs/update.ts'
import { admitSubresource } from './admit-subresource.ts'

const bindings = { group: '', plural: 'pods/binding' }

const scheduled = (pod: Pod, timestamp: string): readonly PodCondition[] => {
  const known = pod.status?.conditions ?? []
  const old = known.find((one) => one.type === 'PodScheduled')
  const condition: PodCondition = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null as unknown as string,
    lastTransitionTime: old?.status === 'True' ? (old.lastTransitionTime ?? timestamp) : timestamp,
  }
  return old === undefined ? [...known, condition] : known.map((one) => (one === old ? condition : one))
}

/** The nomination has come true, or to nothing. */
const afterNomination = (status: Partial<PodStatus>, keeps: boolean): Partial<PodStatus> => {
  if (status.nominatedNodeName === undefined) return status
  const { nominatedNodeName, ...rest } = status
  return keeps ? { ...rest, nominatedNodeName } : rest
}

/** pkg/registry/core/pod/storage, assignPod and setPodHostAndAnnotations. */
const bind = (call: Call, pod: Pod, bound: Binding): Change | Refusal => {
  const name = pod.metadata.name
  if (pod.metadata.deletionTimestamp !== undefined)
    return conflict(bindings, name, `pod ${name} is being deleted, cannot be assigned to a host`)
  const node = pod.spec?.nodeName ?? ''
  if (node !== '') return conflict(bindings, name, `pod ${name} is already assigned to node "${node}"`)
  if ((pod.spec?.schedulingGates ?? []).length > 0)
    return conflict(bindings, name, `pod ${name} has non-empty .spec.schedulingGates`)
  const { uid, resourceVersion } = bound.metadata
  if (uid !== undefined && uid !== '' && uid !== pod.metadata.uid) {
    return precondition(call, name, `UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`)
  }
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== pod.metadata.resourceVersion) {
    return precondition(
      call,
      name,
      `ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${pod.metadata.resourceVersion}`,
    )
  }
  const { annotations, labels } = bound.metadata
  const keeps = call.context.settings.features['ClearingNominatedNodeNameAfterBinding'] === false
  const status = afterNomination(pod.status ?? {}, keeps)
  const next = {
    ...pod,
    metadata: changeMeta(pod.metadata, {
      ...(annotations === undefined ? {} : { annotations: { ...pod.metadata.annotations, ...annotations } }),
      ...(labels === undefined ? {} : { labels: { ...pod.metadata.labels, ...labels } }),
    }),
    spec: withField('io.k8s.api.core.v1.PodSpec', pod.spec, 'nodeName', bound.target.name!),
    status: { ...status, conditions: scheduled(pod, call.context.clock.timestamp()) },
  }
  return { object: next as unknown as KubeObject }
}

const precondition = (call: Call, name: string, why: string): Refusal =>
  conflict(
    { group: '', plural: 'pods' },
    name,
    `StorageError: invalid object, Code: 4, Key: ${call.stored.etcdPrefix}/${objectKey(call.stored, call.namespace, name)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${why}`,
  )

export const binding = {
  path: 'pods/binding',
  *create(call: Call): Step<ApiResponse | Refusal> {
    const kind = call.context.scheme().byKind('v1/Binding')!
    const decoded = decodeBody(kind, call.request.body, {})
    if (!decoded.ok) return failure(decoded.code, decoded.message, { reason: decoded.reason })
    const given = decoded.object as Binding
    const named = (given.metadata as Binding['metadata'] | undefined)?.name ?? ''
    if (call.request.name !== undefined && named !== '' && named !== call.request.name) {
      return badRequest('name in URL does not match name in Binding object')
    }
    const name = call.request.name ?? named
    const admitted = yield* admitSubresource(call, name, kind, { ...given, metadata: given.metadata ?? {} })
    if (isRefusal(admitted)) return admitted
    const bound = admitted as unknown as Binding
    const target = bound.target as Binding['target'] | undefined
    if (target?.name === undefined || target.name === '') return plainError('target.name: Required value')
    if (target.kind !== undefined && target.kind !== '' && target.kind !== 'Node') {
      return plainError(
        `target.kind: Unsupported value: ${JSON.stringify(target.kind)}: supported values: "Node", "<empty>"`,
      )
    }
    const result = yield* guaranteedUpdate(call, {
      key: objectKey(call.stored, call.namespace, name),
      name,
      unconditional: true,
      internal: true,
      change: (current) => bind(call, current as Pod, bound),
    })
    return isRefusal(result)
      ? result
      : { ...success(201), body: { ...success(201).body, code: 201 } as ApiResponse['body'] }
  },
}
