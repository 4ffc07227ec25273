import { parseTimeText } from '../../../api/cel/time-value.ts'
import { selectLog } from '../../../api/pods/select-log.ts'
import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { ContainerStatus, Pod } from '../../../api/types/core-v1.generated.ts'
import { objectKey } from '../../etcd/start-state.ts'
import type { Step } from '../server-context.ts'
import { badRequest, cause, failure, isRefusal, notFound, success, type Refusal } from '../status.ts'
import type { Call } from '../verbs/call.ts'
import { rfc3339Seconds } from '../timestamps.ts'
import type { Subresource } from './subresource.ts'

/** What leads to a kubelet: logs and streams of a pod (pkg/registry/core/pod/rest). */

const podOf = ({ context, stored, namespace, request }: Call): Pod | Refusal => {
  const name = request.name ?? ''
  const object = context.etcd.get(stored, objectKey(stored, namespace, name))?.value as Pod | undefined
  return object ?? notFound(stored, name)
}

const namesOf = (containers: readonly { readonly name: string }[] | undefined): readonly string[] =>
  (containers ?? []).map((one) => one.name)

/** pod.podContainer and the texts around it (pkg/registry/core/pod/strategy.go, LogLocation, streamLocation). */
const containerOf = (pod: Pod, asked: string): string | Refusal => {
  const name = pod.metadata.name
  const containers = namesOf(pod.spec?.containers)
  const inits = namesOf(pod.spec?.initContainers)
  const ephemeral = namesOf(pod.spec?.ephemeralContainers)
  if (asked !== '') {
    return [...containers, ...inits, ...ephemeral].includes(asked)
      ? asked
      : badRequest(`container ${asked} is not valid for pod ${name}`)
  }
  if (containers.length === 1) return containers[0]!
  if (containers.length === 0) return badRequest(`a container name must be specified for pod ${name}`)
  const more =
    (inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : '') +
    (ephemeral.length > 0 ? ` or one of the ephemeral containers: [${ephemeral.join(' ')}]` : '')
  return badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${containers.join(' ')}]${more}`,
  )
}

const isNumber = (text: string | undefined): text is string => text !== undefined && /^-?\d+$/.test(text)

/** validation.ValidatePodLogOptions */
const logOptionsProblem = (name: string, parameters: Readonly<Record<string, string>>): Refusal | undefined => {
  const causes = (['tailLines', 'limitBytes', 'sinceSeconds'] as const).flatMap((field) => {
    const value = parameters[field]
    const least = field === 'tailLines' ? 0 : 1
    if (!isNumber(value) || Number(value) >= least) return []
    const what = least === 0 ? 'must be greater than or equal to 0' : 'must be greater than 0'
    return [cause('FieldValueInvalid', `Invalid value: ${value}: ${what}`, field)]
  })
  if (causes.length === 0) return undefined
  const texts = causes.map((one) => `${one.field}: ${one.message}`)
  const all = texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`
  return failure(422, `PodLogOptions "${name}" is invalid: ${all}`, {
    reason: 'Invalid',
    details: { name, kind: 'PodLogOptions', causes },
  })
}

/** Kubelet.validateContainerLogStatus: what of a container there is a log of. */
const logProblem = (pod: Pod, container: string, previous: boolean): Refusal | undefined => {
  const { metadata, status } = pod
  const all: readonly ContainerStatus[] = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ]
  const one = all.find((each) => each.name === container)
  if (one === undefined) return badRequest(`container "${container}" in pod "${metadata.name}" is not available`)
  if (previous) {
    return one.lastState?.terminated === undefined
      ? badRequest(`previous terminated container "${container}" in pod "${metadata.name}" not found`)
      : undefined
  }
  const waiting = one.state?.waiting
  if (waiting === undefined || one.lastState?.terminated !== undefined) return undefined
  const why =
    waiting.reason === 'ErrImagePull'
      ? "image can't be pulled"
      : waiting.reason === 'ImagePullBackOff'
        ? 'trying and failing to pull image'
        : (waiting.reason ?? '')
  return badRequest(`container "${container}" in pod "${metadata.name}" is waiting to start: ${why}`)
}

const nothing = success(204)

const number = (text: string | undefined): number | undefined => (isNumber(text) ? Number(text) : undefined)

/** RFC 3339 with nine digits, as the kubelet writes before each line. */
const nanoTime = (at: number): string => {
  const seconds = Math.floor(at / 1_000_000)
  return rfc3339Seconds(seconds).replace('Z', `.${String(at - seconds * 1_000_000).padStart(6, '0')}000Z`)
}

const microsOf = (text: string | undefined): number | undefined => {
  const time = text === undefined ? undefined : parseTimeText(text)
  return time?.kind === 'timestamp' ? Number(time.nanos / 1000n) : undefined
}

/** Differs: `follow` answers what is there and ends. */
function* log(call: Call): Step<ApiResponse | Refusal> {
  const parameters = call.options.parameters ?? {}
  const problem = logOptionsProblem(call.request.name ?? '', parameters)
  if (problem !== undefined) return problem
  const pod = podOf(call)
  if (isRefusal(pod)) return pod
  const container = containerOf(pod, parameters['container'] ?? '')
  if (typeof container !== 'string') return container
  // Without a node there is no place to stream from, and nothing is answered.
  if ((pod.spec?.nodeName ?? '') === '') return nothing
  const previous = parameters['previous'] === 'true'
  const refused = logProblem(pod, container, previous)
  if (refused !== undefined) return refused
  const { context } = call
  const answer = context.settings.containerLogs?.({
    server: context.actor.name,
    node: pod.spec.nodeName!,
    podUid: pod.metadata.uid ?? '',
    container,
    previous,
  })
  if (answer === undefined) return { ...success(200), text: '' }
  if ('unreachable' in answer) {
    const { namespace, name } = pod.metadata
    const url = `https://${answer.address}/containerLogs/${namespace}/${name}/${container}`
    return failure(500, `Get ${JSON.stringify(url)}: dial tcp ${answer.address}: ${answer.unreachable}`)
  }
  const seconds = number(parameters['sinceSeconds'])
  const since =
    seconds === undefined
      ? microsOf(parameters['sinceTime'])
      : context.kernel.epoch + context.kernel.now - seconds * 1_000_000
  const options = {
    tailLines: number(parameters['tailLines']),
    limitBytes: number(parameters['limitBytes']),
    since,
    timestamps: parameters['timestamps'] === 'true',
  }
  return { ...success(200), text: selectLog(answer.lines, options, nanoTime) }
}

/** Differs: no simulated kubelet opens streams; the API server tells that it does not reach the node, as a real one does. */
const unreachable = (node: string): Refusal =>
  failure(500, `error dialing backend: dial tcp: lookup ${node} on 10.96.0.10:53: no such host`)

function* stream(call: Call): Step<ApiResponse | Refusal> {
  const pod = podOf(call)
  if (isRefusal(pod)) return pod
  if (call.subresource !== 'portforward') {
    const container = containerOf(pod, call.options.parameters?.['container'] ?? '')
    if (typeof container !== 'string') return container
  }
  const node = pod.spec?.nodeName ?? ''
  return node === '' ? badRequest(`pod ${pod.metadata.name} does not have a host assigned`) : unreachable(node)
}

export const connects: readonly Subresource[] = [
  { path: 'pods/log', get: log },
  { path: 'pods/exec', get: stream, create: stream },
  { path: 'pods/attach', get: stream, create: stream },
  { path: 'pods/portforward', get: stream, create: stream },
]
