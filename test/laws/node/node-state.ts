import type { KubeObject } from '../../../api/object.ts'
import type { Cluster } from '../../../runtime/cluster/cluster.ts'

/** What differs from run to run for good reasons: who has which random name, uid, address, and when. */
const ignored = new Set([
  'uid',
  'resourceVersion',
  'managedFields',
  'hostIP',
  'hostIPs',
  'podIP',
  'podIPs',
  'containerID',
  'clusterIP',
  'clusterIPs',
  'pod-template-hash',
  'endpoints.kubernetes.io/last-change-trigger-time',
])

const volatile: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z\b/g, '<time>'],
  [/\b\d+\.\d+\.\d+\.\d+\b/g, '<ip>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uid>'],
  // How much memory an eviction found in use depends on when it looked.
  [/(available|was using): ?[0-9]+(?:[KMG]i)?|was using [0-9]+(?:[KMG]i)?/g, '$1 <bytes>'],
]

/** What an element of a list is known by. */
const nameOf = (item: unknown, index: number): string => {
  if (typeof item !== 'object' || item === null) return String(index)
  const { name, type, key, ip } = item as Readonly<Record<string, unknown>>
  const own = name ?? type ?? key ?? ip
  return typeof own === 'string' ? own : String(index)
}

type Leaf = readonly [path: string, value: string]

function* leaves(value: unknown, path: string, names: ReadonlyMap<string, string>): Generator<Leaf> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* leaves(item, `${path}[${nameOf(item, index)}]`, names)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (inner === undefined || ignored.has(key) || /Time(?:stamp)?$|startedAt|finishedAt/.test(key)) continue
      yield* leaves(inner, `${path}.${key}`, names)
    }
  } else {
    let text = typeof value === 'string' ? value : JSON.stringify(value)
    for (const [pattern, word] of volatile) text = text.replace(pattern, word)
    for (const [name, word] of names) if (text.includes(name)) text = text.replaceAll(name, word)
    yield [path, text]
  }
}

/** What is told about objects, not held. */
export const isTelling = (plural: string): boolean => plural === 'events' || plural === 'leases'

const isTerminal = ({ kind, status }: KubeObject & { readonly status?: { readonly phase?: string } }): boolean =>
  kind === 'Pod' && (status?.phase === 'Succeeded' || status?.phase === 'Failed')

/**
 * One line a field of an object, without what chance gave it. Of a pod that has ended, what it had as a whole is left out: upstream
 * computes it from the phase that the kubelet's version of the pod happened to have (convertToAPIPodLevelResourcesStatus).
 */
export const linesOf = (id: string, object: KubeObject, names: ReadonlyMap<string, string>): readonly string[] => {
  const { namespace = '', name } = object.metadata
  const subject = `${id}/${namespace}/${names.get(name) ?? name}`
  const lines: string[] = []
  const ended = isTerminal(object)
  for (const [path, value] of leaves(object, '', names)) {
    if (!ended || !path.startsWith('.status.resources.')) lines.push(`${subject} ${path} = ${value}`)
  }
  return lines
}

export const genericName = ({ metadata }: KubeObject): string | undefined =>
  metadata.generateName !== undefined && metadata.name.startsWith(metadata.generateName)
    ? `${metadata.generateName}*`
    : undefined

/** All that a cluster holds, but events and leases. */
export const nodeState = (cluster: Cluster): readonly string[] => {
  const seen = new Set<string>()
  const objects: (readonly [string, KubeObject])[] = []
  for (const { group, plural, verbs } of cluster.scheme().resources) {
    const id = group === '' ? plural : `${plural}.${group}`
    if (isTelling(plural) || !verbs.includes('list') || seen.has(id)) continue
    seen.add(id)
    for (const object of cluster.state.list(id, undefined)) objects.push([id, object])
  }
  const names = new Map<string, string>()
  for (const [, object] of objects) {
    const word = genericName(object)
    if (word !== undefined) names.set(object.metadata.name, word)
  }
  return objects.flatMap(([id, object]) => linesOf(id, object, names)).sort()
}
