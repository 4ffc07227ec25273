import { decode } from '../api/decode/decode.ts'
import { deepFreeze } from '../api/json/deep-freeze.ts'
import { applyDefaults } from '../api/defaults/apply-defaults.ts'
import type { KubeObject } from '../api/object.ts'
import type { Pod } from '../api/types/core-v1.generated.ts'
import type { PriorityClass } from '../api/types/scheduling-v1.generated.ts'
import { builtinScheme } from '../api/scheme/builtin-scheme.ts'
import { validateCreate } from '../api/validation/validate.ts'
import { tellAttempts } from '../reporters/why-placement.ts'
import { wrapLine } from '../reporters/wrap-line.ts'
import { schedulerNameOf } from '../runtime/scheduler/framework.ts'
import { schedulerSettings } from '../runtime/scheduler/settings.ts'
import { configurationTrouble, scheduleWhatIf, type WhatIfAnswer } from '../runtime/scheduler/what-if.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { readObjects, type ReadObject } from './read-objects.ts'
import { terminalOf } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export interface ScheduleFlags {
  readonly filename: readonly string[]
  readonly nodes: readonly string[]
  readonly config?: string
  readonly json?: boolean
  readonly color?: boolean
}

const systemClasses: Readonly<Record<string, number>> = {
  'system-node-critical': 2000001000,
  'system-cluster-critical': 2000000000,
}

/** As the API server would have it: decoded and defaulted. `strict` refuses fields that nobody knows. */
const stored = ({ path, value }: ReadObject, strict: boolean): KubeObject | undefined => {
  const { apiVersion, kind } = value as { readonly apiVersion: string; readonly kind: string }
  const resource = builtinScheme().byKind(`${apiVersion}/${kind}`)
  if (resource === undefined) {
    if (!strict) return undefined
    throw new UsageError(`${path}: no kind ${kind} in version ${apiVersion}`)
  }
  const decoded = decode(resource, value, { fieldValidation: strict ? 'Strict' : 'Ignore' })
  if (!decoded.ok) throw new UsageError(`${path}: ${kind}: ${decoded.message}`)
  const { metadata } = decoded.object
  const namespace = resource.namespaced ? (metadata.namespace ?? 'default') : undefined
  const uid = metadata.uid ?? `${namespace ?? ''}/${metadata.name}`
  const named = { ...decoded.object, metadata: { ...metadata, uid, ...(namespace === undefined ? {} : { namespace }) } }
  return deepFreeze(applyDefaults(resource, named))
}

interface Template {
  readonly metadata?: { readonly name?: string; readonly namespace?: string }
  readonly spec?: { readonly template?: { readonly metadata?: object; readonly spec?: object } }
}

/** The pod of a manifest: a Pod itself, or the first one of what makes pods. */
const podOf = ({ path, value }: ReadObject): ReadObject => {
  if (value['kind'] === 'Pod') return { path, value }
  const { metadata, spec } = value as Template
  const template = spec?.template
  if (template?.spec === undefined)
    throw new UsageError(
      `${path}: a ${String(value['kind'])} has no pod to schedule`,
      '-f takes pods, and what has a template for them; the cluster is given with --nodes',
    )
  const name = `${metadata?.name ?? 'pod'}-0`
  const { namespace } = metadata ?? {}
  return {
    path,
    value: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...template.metadata, name, ...(namespace === undefined ? {} : { namespace }) },
      spec: template.spec,
    },
  }
}

/** What admission would do about the pod's priority. */
const withPriority = (pod: Pod, objects: readonly KubeObject[], path: string): Pod => {
  const classes = objects.filter((one) => one.kind === 'PriorityClass') as readonly PriorityClass[]
  const { priorityClassName: wanted = '', priority } = pod.spec
  const found = classes.find((one) => (wanted === '' ? one.globalDefault === true : one.metadata.name === wanted))
  const value = found?.value ?? systemClasses[wanted]
  if (wanted !== '' && value === undefined && priority === undefined)
    throw new UsageError(
      `${path}: no PriorityClass with name ${wanted} was found`,
      'add it to what --nodes reads: kubectl get nodes,pods,priorityclasses -A -o yaml',
    )
  const policy = pod.spec.preemptionPolicy ?? found?.preemptionPolicy ?? 'PreemptLowerPriority'
  return { ...pod, spec: { ...pod.spec, priority: value ?? priority ?? 0, preemptionPolicy: policy } }
}

const newPod = (read: ReadObject, objects: readonly KubeObject[]): Pod => {
  const pod = stored(podOf(read), true) as Pod
  const resource = builtinScheme().byKind('v1/Pod')!
  const problems = validateCreate(resource, pod)
  const who = `${read.path}: pod/${pod.metadata.name}`
  if (problems.length > 0)
    throw new UsageError(`${who} is invalid: ${problems.map((one) => `${one.field}: ${one.message}`).join('; ')}`)
  const { nodeName = '' } = pod.spec
  const dry: Pod =
    nodeName === '' ? pod : { ...pod, spec: { ...pod.spec, nodeName: undefined } as unknown as Pod['spec'] }
  const { status: _, ...rest } = dry
  return deepFreeze(withPriority(rest as Pod, objects, read.path))
}

const plainNamespaces = (objects: readonly KubeObject[], pods: readonly Pod[]): readonly KubeObject[] => {
  const known = new Set(objects.filter((one) => one.kind === 'Namespace').map((one) => one.metadata.name))
  const used = new Set([...objects, ...pods].flatMap((one) => one.metadata.namespace ?? []))
  return [...used]
    .filter((name) => !known.has(name))
    .map((name) =>
      deepFreeze({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, uid: name, labels: { 'kubernetes.io/metadata.name': name } },
      } as unknown as KubeObject),
    )
}

const told = ({ pod, verdict, gate }: WhatIfAnswer, options: { color: boolean; width: number }): string => {
  const { name, namespace = 'default' } = pod.metadata
  const noun = `pod/${name}${namespace === 'default' ? '' : `@${namespace}`}`
  if (verdict === undefined)
    return wrapLine(`${noun}  not tried  ${gate ?? 'nobody schedules it'}`, options.width).join('\n')
  return `${noun}\n${tellAttempts([{ at: undefined, since: undefined, verdict }], options)}`
}

/** Kinds that a pod depends on, and whose objects dumps tend to lack. */
const wantedKinds = ({ spec }: Pod): readonly string[] => [
  ...(spec.volumes?.some((one) => one.persistentVolumeClaim !== undefined) === true
    ? ['PersistentVolumeClaim', 'PersistentVolume', 'StorageClass']
    : []),
  ...(spec.resourceClaims === undefined ? [] : ['ResourceClaim', 'DeviceClass', 'ResourceSlice']),
]

/** What a refused pod asks for and the dump has nothing of: its answer may be the dump's, not the cluster's. */
const missingKinds = (answers: readonly WhatIfAnswer[], objects: readonly KubeObject[]): readonly string[] => {
  const known = new Set(objects.map((one) => one.kind))
  const refused = answers.filter(({ verdict }) => verdict?.outcome !== 'placed')
  return [...new Set(refused.flatMap(({ pod }) => wantedKinds(pod)))].filter((kind) => !known.has(kind))
}

/** Where pods would go in a cluster as it stands, and why. Exit code 1 if one of them would not be scheduled. */
export const schedule = (flags: ScheduleFlags): ExitCode => {
  const dumps = flags.nodes.flatMap((path) => readObjects(path))
  const objects = dumps.flatMap((one) => stored(one, false) ?? [])
  if (!objects.some((one) => one.kind === 'Node'))
    throw new UsageError(
      `there is no Node in ${flags.nodes.join(', ')}`,
      'write one with: kubectl get nodes,pods -A -o yaml',
    )
  const settings = schedulerSettings(flags.config === undefined ? undefined : readObjects(flags.config)[0]?.value, {})
  if (!settings.ok) throw new UsageError(`${flags.config ?? ''}: ${settings.message}`)
  const trouble = configurationTrouble(settings.configuration)
  if (trouble !== undefined) throw new UsageError(`${flags.config ?? ''}: ${trouble}`)
  const read = flags.filename.flatMap((path) => readObjects(path))
  if (read.length === 0) throw new UsageError(`there is no pod in ${flags.filename.join(', ')}`)
  const pods = read.map((one) => newPod(one, objects))
  const profiles = settings.configuration.profiles.map((one) => one.schedulerName)
  for (const pod of pods) {
    const name = schedulerNameOf(pod)
    if (!profiles.includes(name))
      throw new UsageError(
        `pod/${pod.metadata.name} asks for the scheduler ${name}, and there is ${profiles.join(', ')}`,
        '--config takes a KubeSchedulerConfiguration with a profile of that name',
      )
  }
  const answers = scheduleWhatIf({
    configuration: settings.configuration,
    objects: [...objects, ...plainNamespaces(objects, pods)],
    pods,
    now: Date.now() * 1000,
  })
  if (flags.json === true) {
    const list = answers.map(({ pod, verdict, gate }) => ({
      namespace: pod.metadata.namespace,
      pod: pod.metadata.name,
      ...(gate === undefined ? {} : { gate }),
      ...(verdict === undefined ? {} : { verdict }),
    }))
    process.stdout.write(`${JSON.stringify({ schemaVersion: 1, pods: list }, undefined, 2)}\n`)
  } else {
    const { color, width } = terminalOf(process.stdout, flags.color)
    process.stdout.write(`${answers.map((one) => told(one, { color, width })).join('\n\n')}\n`)
    const { extenders } = settings.configuration
    if (extenders.length > 0) {
      const urls = extenders.map((one) => one.urlPrefix).join(', ')
      const hint = `\nnobody asked the extenders of ${flags.config ?? ''} (${urls}): they are servers, and a scenario can play them`
      process.stdout.write(`${wrapLine(hint, width).join('\n')}\n`)
    }
    const missing = missingKinds(answers, objects)
    if (missing.length > 0) {
      const kinds = missing.map((kind) => `${kind.toLowerCase()}${kind.endsWith('s') ? 'es' : 's'}`).join(',')
      const hint = `\nthere is no ${missing.join(', no ')} in ${flags.nodes.join(', ')}: add what the cluster has with kubectl get nodes,pods,${kinds} -A -o yaml`
      process.stdout.write(`${wrapLine(hint, width).join('\n')}\n`)
    }
  }
  return answers.every((one) => one.verdict?.outcome === 'placed') ? exitCode.held : exitCode.failed
}
