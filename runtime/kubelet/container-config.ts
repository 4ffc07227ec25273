import type { ApiResponse } from '../../api/protocol/response.ts'
import { podLimitUnits } from '../../api/pods/pod-resources.ts'
import { oomScoreAdjust } from '../../api/pods/oom-score.ts'
import { podQos } from '../../api/pods/qos.ts'
import { milliValue, wholeValue } from '../../api/quantity/quantity-values.ts'
import type {
  ConfigMap,
  Container,
  Pod,
  PodSecurityContext,
  Secret,
  SecurityContext,
} from '../../api/types/core-v1.generated.ts'
import type { Status } from '../../api/types/meta-v1.generated.ts'
import type { ContainerConfig, LinuxResources, PodIdentity } from '../container-runtime/cri.ts'
import { containerHash } from './container-hash.ts'
import { containerSizes } from './container-sizes.ts'
import type { Context } from './context.ts'
import type { Task } from './life.ts'
import { podText } from './pod-text.ts'
import { quotaOf, quotaPeriod, sharesOf } from './status-resources.ts'

export const identityOf = (pod: Pod): PodIdentity => ({
  uid: pod.metadata.uid ?? '',
  name: pod.metadata.name,
  namespace: pod.metadata.namespace ?? 'default',
  labels: pod.metadata.labels ?? {},
  annotations: pod.metadata.annotations ?? {},
})

/** kuberuntime: calculateLinuxResources. */
export const linuxResources = (pod: Pod, container: Container): LinuxResources => {
  const { requests, limits } = container.resources ?? {}
  const whole = pod.spec.resources?.limits === undefined ? undefined : podLimitUnits(pod)
  const cpuLimit = limits?.['cpu'] !== undefined ? milliValue(limits['cpu']) : (whole?.get('cpu') ?? 0)
  const cpuRequest =
    requests?.['cpu'] !== undefined ? milliValue(requests['cpu']) : limits?.['cpu'] !== undefined ? cpuLimit : 0
  const memoryLimit = limits?.['memory'] !== undefined ? wholeValue(limits['memory']) : (whole?.get('memory') ?? 0)
  return {
    cpuShares: sharesOf(cpuRequest),
    cpuQuota: quotaOf(cpuLimit, quotaPeriod),
    cpuPeriod: quotaPeriod,
    memoryLimitInBytes: memoryLimit,
  }
}

export interface ConfigQuestion {
  readonly pod: Pod
  readonly container: Container
  readonly restartCount: number
  readonly imageId: string
}

/** generateContainerConfig: fails where the environment cannot be made, or the user may not be root. */
export function* containerConfig(
  context: Context,
  question: ConfigQuestion,
): Task<{ readonly config: ContainerConfig } | { readonly error: string }> {
  const { pod, container, restartCount, imageId } = question
  const missing = yield* missingReference(context, pod, container)
  if (missing !== undefined) return { error: missing }
  const root = breaksNonRoot(pod, container)
  if (root !== undefined) return { error: root }
  const capacity = wholeValue(context.machine.spec.capacity['memory'] ?? '0')
  return {
    config: {
      pod: identityOf(pod),
      name: container.name,
      attempt: restartCount,
      image: container.image ?? '',
      imageId,
      hash: containerHash(container),
      ...(container.terminationMessagePolicy === 'FallbackToLogsOnError' ? { messageFromLog: true as const } : {}),
      oomScoreAdj: capacity > 0 ? oomScoreAdjust(pod, container, capacity) : 1000,
      qos: podQos(pod),
      linux: linuxResources(pod, container),
      sizes: containerSizes(pod, container),
    },
  }
}

/** verifyRunAsNonRoot. Differs: images name no user, as those that run as root. */
const breaksNonRoot = (pod: Pod, container: Container): string | undefined => {
  const own: SecurityContext = container.securityContext ?? {}
  const shared: PodSecurityContext = pod.spec.securityContext ?? {}
  if ((own.runAsNonRoot ?? shared.runAsNonRoot) !== true) return undefined
  const user = own.runAsUser ?? shared.runAsUser
  const where = `(pod: ${JSON.stringify(podText(pod))}, container: ${container.name})`
  if (user === 0) return `container's runAsUser breaks non-root policy ${where}`
  return undefined
}

type Source = {
  readonly kind: 'configmap' | 'secret'
  readonly name: string
  readonly key: string | undefined
  readonly optional: boolean
}

const sourcesOf = (container: Container): readonly Source[] => {
  const sources: Source[] = []
  for (const from of container.envFrom ?? []) {
    if (from.configMapRef !== undefined) {
      sources.push({
        kind: 'configmap',
        name: from.configMapRef.name ?? '',
        key: undefined,
        optional: from.configMapRef.optional === true,
      })
    }
    if (from.secretRef !== undefined) {
      sources.push({
        kind: 'secret',
        name: from.secretRef.name ?? '',
        key: undefined,
        optional: from.secretRef.optional === true,
      })
    }
  }
  for (const variable of container.env ?? []) {
    const config = variable.valueFrom?.configMapKeyRef
    const secret = variable.valueFrom?.secretKeyRef
    if (config !== undefined)
      sources.push({ kind: 'configmap', name: config.name ?? '', key: config.key, optional: config.optional === true })
    if (secret !== undefined)
      sources.push({ kind: 'secret', name: secret.name ?? '', key: secret.key, optional: secret.optional === true })
  }
  return sources
}

/** makeEnvironmentVariables, as far as it can fail: a config map, a secret or a key that is not there. */
function* missingReference(context: Context, pod: Pod, container: Container): Task<string | undefined> {
  const seen = new Map<string, ConfigMap | Secret>()
  for (const source of sourcesOf(container)) {
    const id = `${source.kind}/${source.name}`
    let object = seen.get(id)
    if (object === undefined) {
      const answer = yield* readObject(context, source.kind, pod.metadata.namespace ?? 'default', source.name)
      if (answer.code !== 200) {
        if (answer.code === 404 && source.optional) continue
        return referenceError(answer, source.kind, source.name)
      }
      object = answer.body as ConfigMap | Secret
      seen.set(id, object)
    }
    if (source.key === undefined || source.optional) continue
    if (object.data?.[source.key] === undefined) {
      const kind = source.kind === 'configmap' ? 'ConfigMap' : 'Secret'
      return `couldn't find key ${source.key} in ${kind} ${pod.metadata.namespace}/${source.name}`
    }
  }
  return undefined
}

/**
 * Reads a config map or secret.
 * Differs: upstream watches each object that a pod on the node refers to; here it is read when it is needed.
 */
export const readObject = (
  context: Context,
  kind: 'configmap' | 'secret',
  namespace: string,
  name: string,
): Task<ApiResponse> => {
  const resource = context.scheme().byKind(kind === 'configmap' ? 'v1/ConfigMap' : 'v1/Secret')!
  return context.request({ verb: 'get', resource, namespace, name })
}

export const referenceError = (answer: ApiResponse, kind: 'configmap' | 'secret', name: string): string =>
  answer.code === 404
    ? `${kind} ${JSON.stringify(name)} not found`
    : ((answer.body as Partial<Status> | undefined)?.message ?? 'the server did not answer')
