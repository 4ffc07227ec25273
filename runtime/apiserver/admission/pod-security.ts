import type { KubeObject } from '../../../api/object.ts'
import type { Pod, PodTemplateSpec } from '../../../api/types/core-v1.generated.ts'
import type { ServerContext } from '../server-context.ts'
import { invalid, type FieldCause, type Refusal } from '../status.ts'
import { forbid } from './forbid.ts'
import type { AdmissionPlugin, Attributes } from './plugin.ts'
import type { PodShape } from './pod-security/check.ts'
import { levelText, violations, violationsText, type Level, type LevelVersion } from './pod-security/policy.ts'

const prefix = 'pod-security.kubernetes.io/'
const levels: readonly string[] = ['privileged', 'baseline', 'restricted']
type Labels = Readonly<Record<string, string>>

const labelsOf = (namespace: KubeObject | undefined): Labels => namespace?.metadata.labels ?? {}

/** api.PolicyToEvaluate of one mode; what is wrong with its labels counts as restricted. */
const policyOf = (labels: Labels, mode: 'enforce' | 'audit' | 'warn'): LevelVersion => {
  const level = labels[`${prefix}${mode}`] ?? 'privileged'
  const version = labels[`${prefix}${mode}-version`] ?? 'latest'
  const minor = /^v1\.(\d+)$/.exec(version)?.[1]
  return {
    level: (levels.includes(level) ? level : 'restricted') as Level,
    minor: minor === undefined ? undefined : Number(minor),
  }
}

const labelCauses = (labels: Labels, old: Labels): readonly FieldCause[] => {
  const causes: FieldCause[] = []
  for (const mode of ['enforce', 'audit', 'warn']) {
    const wrong = (key: string, valid: (value: string) => boolean, why: string): void => {
      const value = labels[key]
      if (value === undefined || valid(value) || value === old[key]) return
      causes.push({
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
        field: `metadata.labels[${key}]`,
      })
    }
    wrong(`${prefix}${mode}`, (value) => levels.includes(value), 'must be one of privileged, baseline, restricted')
    wrong(
      `${prefix}${mode}-version`,
      (value) => value === 'latest' || /^v1\.\d+$/.test(value),
      'must be "latest" or "v1.x"',
    )
  }
  return causes
}

const shapeOf = (object: KubeObject | PodTemplateSpec | undefined): PodShape | undefined => {
  const spec = (object as Partial<Pod> | undefined)?.spec
  return spec === undefined ? undefined : { annotations: object?.metadata?.annotations ?? {}, spec }
}

/** Where the pods of a kind that makes some are described (admission/admission.go, DefaultPodSpecExtractor). */
const templateOf = (object: KubeObject): PodShape | undefined => {
  const { spec } = object as {
    readonly spec?: {
      readonly template?: PodTemplateSpec
      readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplateSpec } }
    }
  }
  const template =
    object.kind === 'PodTemplate'
      ? (object as unknown as { readonly template?: PodTemplateSpec }).template
      : object.kind === 'CronJob'
        ? spec?.jobTemplate?.spec?.template
        : spec?.template
  return shapeOf(template)
}

const controllers = new Set([
  'v1/PodTemplate',
  'v1/ReplicationController',
  'apps/v1/Deployment',
  'apps/v1/ReplicaSet',
  'apps/v1/StatefulSet',
  'apps/v1/DaemonSet',
  'batch/v1/Job',
  'batch/v1/CronJob',
])

/** isSignificantPodUpdate: images, further containers, and the annotations that policies read. */
const isSignificant = (pod: Pod, old: Pod): boolean => {
  const images = ({ spec }: Pod): string =>
    JSON.stringify(
      [spec.initContainers, spec.containers, spec.ephemeralContainers].map((list) =>
        list?.map(({ name, image }) => [name, image]),
      ),
    )
  const notes = ({ metadata }: Pod): string =>
    JSON.stringify(
      Object.entries(metadata.annotations ?? {})
        .filter(([key]) =>
          /^(?:container\.apparmor\.security\.beta|seccomp\.security\.alpha|container\.seccomp\.security\.alpha)\.kubernetes\.io\//.test(
            key,
          ),
        )
        .sort(),
    )
  return images(pod) !== images(old) || notes(pod) !== notes(old)
}

const warnAbout = (attributes: Attributes, labels: Labels, shape: PodShape): void => {
  const warn = policyOf(labels, 'warn')
  const found = violations(warn, shape)
  if (found.length > 0) attributes.warn(`would violate PodSecurity "${levelText(warn)}": ${violationsText(found)}`)
  const audit = policyOf(labels, 'audit')
  const noted = violations(audit, shape)
  if (noted.length > 0)
    attributes.annotate?.(
      'pod-security.kubernetes.io/audit-violations',
      `would violate PodSecurity "${levelText(audit)}": ${violationsText(noted)}`,
    )
}

const validatePod = (context: ServerContext, attributes: Attributes, pod: Pod): Refusal | undefined => {
  if (attributes.operation === 'UPDATE' && !isSignificant(pod, attributes.old as Pod)) return undefined
  const labels = labelsOf(context.lookup('v1/Namespace', undefined, attributes.namespace ?? ''))
  const shape = shapeOf(pod)!
  const enforce = policyOf(labels, 'enforce')
  const found = violations(enforce, shape)
  attributes.annotate?.('pod-security.kubernetes.io/enforce-policy', levelText(enforce))
  if (found.length > 0)
    return forbid(attributes, pod, `violates PodSecurity "${levelText(enforce)}": ${violationsText(found)}`)
  warnAbout(attributes, labels, shape)
  return undefined
}

/** EvaluatePodsInNamespace: what a stricter policy would say of the pods that are there. */
const warnAboutPods = (context: ServerContext, attributes: Attributes, policy: LevelVersion): void => {
  const byText = new Map<string, string[]>()
  for (const pod of context.lookupAll('v1/Pod', attributes.name)) {
    const text = violations(policy, shapeOf(pod)!)
      .map(({ reason }) => reason)
      .join(', ')
    if (text === '') continue
    const names = byText.get(text)
    if (names === undefined) byText.set(text, [pod.metadata.name])
    else names.push(pod.metadata.name)
  }
  if (byText.size === 0) return
  attributes.warn(
    `existing pods in namespace "${attributes.name}" violate the new PodSecurity enforce level "${levelText(policy)}"`,
  )
  const lines = [...byText].map(([text, names]) => {
    const others = names.length - 1
    return `${names[0]!}${others === 0 ? '' : ` (and ${others} other ${others === 1 ? 'pod' : 'pods'})`}: ${text}`
  })
  for (const line of lines.sort()) attributes.warn(line)
}

const validateNamespace = (
  context: ServerContext,
  attributes: Attributes,
  namespace: KubeObject,
): Refusal | undefined => {
  const [labels, old] = [labelsOf(namespace), labelsOf(attributes.old)]
  const causes = labelCauses(labels, old)
  if (causes.length > 0) return invalid({ group: '', kind: 'Namespace' }, namespace.metadata.name, causes)
  if (attributes.operation !== 'UPDATE') return undefined
  const [now, before] = [policyOf(labels, 'enforce'), policyOf(old, 'enforce')]
  if (levelText(now) === levelText(before) || now.level === 'privileged') return undefined
  if (now.minor === before.minor && levels.indexOf(now.level) < levels.indexOf(before.level)) return undefined
  warnAboutPods(context, attributes, now)
  return undefined
}

/** plugin PodSecurity (k8s.io/pod-security-admission/admission): the Pod Security Standards by the labels of namespaces. */
export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  handles: (operation, resource, subresource) =>
    (operation === 'CREATE' || operation === 'UPDATE') &&
    (resource.id === 'v1/Pod'
      ? subresource === '' || subresource === 'ephemeralcontainers'
      : subresource === '' && (resource.id === 'v1/Namespace' || controllers.has(resource.id))),
  validate(context, attributes, object) {
    if (object === undefined) return undefined
    if (attributes.resource.id === 'v1/Namespace') return validateNamespace(context, attributes, object)
    if (attributes.resource.id === 'v1/Pod') return validatePod(context, attributes, object as Pod)
    const shape = templateOf({ ...object, kind: attributes.resource.kind })
    if (shape !== undefined)
      warnAbout(attributes, labelsOf(context.lookup('v1/Namespace', undefined, attributes.namespace ?? '')), shape)
    return undefined
  },
}
