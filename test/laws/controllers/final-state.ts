import type { KubeObject } from '../../../api/object.ts'
import type { Cluster } from '../../../runtime/cluster/cluster.ts'
import { claimedByChance } from './claimed-by-chance.ts'
import { outsideTheLaws, withoutRolloutName } from './outside-the-laws.ts'

/** What differs from run to run for good reasons: who has which random name, uid, address, and when. */
const ignored = new Set([
  'uid',
  'resourceVersion',
  'managedFields',
  'nodeName',
  'hostIP',
  'hostIPs',
  'podIP',
  'podIPs',
  'containerID',
  'clusterIP',
  'clusterIPs',
  'resourceClaimStatuses',
  // Of a tracker in memory upstream too: a new process does not know it.
  'endpoints.kubernetes.io/last-change-trigger-time',
  // Of a node: what its pods have pulled.
  'images',
])
/** Counts of how often something was tried: a crash is one more try. */
const tries = new Set(['generation', 'restartCount'])

const volatile: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z\b/g, '<time>'],
  [/\b\d+\.\d+\.\d+\.\d+\b/g, '<ip>'],
  // The volume that admission gives a pod for its token.
  [/\bkube-api-access-[a-z0-9]{5}\b/g, 'kube-api-access-*'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uid>'],
]

interface Wording {
  /** Replaces names that chance has made. */
  readonly generic: (text: string) => string
  /** Of the object under way: what its observers have to have seen. */
  readonly generation: number
}

const plain = (value: unknown, wording: Wording): unknown => {
  if (typeof value === 'string') {
    let text = wording.generic(value)
    for (const [pattern, word] of volatile) text = text.replace(pattern, word)
    return text
  }
  if (Array.isArray(value)) {
    const items = value.map((one) => plain(one, wording))
    return items.every((one) => typeof one === 'object') ? items.map((one) => JSON.stringify(one)).sort() : items
  }
  if (typeof value !== 'object' || value === null) return value
  const out: [string, unknown][] = []
  for (const key of Object.keys(value).sort()) {
    if (ignored.has(key) || tries.has(key) || /Time(?:stamp)?$/.test(key)) continue
    const field = (value as Record<string, unknown>)[key]
    if (key === 'observedGeneration') out.push([key, field === wording.generation ? 'the last' : 'an old one'])
    else out.push([wording.generic(key), plain(field, wording)])
  }
  return Object.fromEntries(out)
}

const makers = new Set(['ReplicaSet', 'ReplicationController', 'DaemonSet', 'Job'])
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/**
 * What chance has named: what is made from a prefix, here or as somebody tried (`web-x7k2p` → `web-*`), and the nodes of a pool, of
 * which any may be chosen where they are alike (`workers-1` → `workers-*`).
 */
const genericNames = (objects: readonly KubeObject[]): ((text: string) => string) => {
  const prefixes = new Set<string>()
  const nodes = new Set<string>()
  for (const { kind, metadata } of objects) {
    if (metadata.generateName !== undefined) prefixes.add(metadata.generateName)
    if (makers.has(kind)) prefixes.add(`${metadata.name}-`)
    if (kind === 'Node') nodes.add(metadata.name)
  }
  const longestFirst = [...prefixes].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)).map(escaped)
  const patterns = [
    ...(longestFirst.length === 0 ? [] : [`(${longestFirst.join('|')})[bcdfghjklmnpqrstvwxz2456789]{5}(?![a-z0-9])`]),
    ...[...nodes]
      .filter((name) => /-\d+$/.test(name))
      .map((name) => `(${escaped(name.replace(/\d+$/, ''))})${/\d+$/.exec(name)![0]}(?![a-z0-9])`),
  ]
  if (patterns.length === 0) return (text) => text
  const all = new RegExp(`(?<![a-z0-9])(?:${patterns.join('|')})`, 'g')
  return (text) => text.replace(all, (...found) => `${found.slice(1, -2).find((one) => one !== undefined) as string}*`)
}

/**
 * All that a cluster holds beyond what it began with, but events and leases, without what chance gave it, and without what is outside
 * the laws. A multiset, as sorted lines.
 */
export const finalState = (cluster: Cluster): readonly string[] => {
  const seen = new Set<string>()
  const began = new Set(
    // All nodes are told: which of like ones has been used is chance.
    cluster.start?.objects.flatMap(({ object }) => (object.kind === 'Node' ? [] : [object])),
  )
  const outside = outsideTheLaws(cluster)
  const blurred = claimedByChance(cluster)
  const objects: (readonly [string, KubeObject])[] = []
  for (const { group, plural, verbs } of cluster.scheme().resources) {
    const id = group === '' ? plural : `${plural}.${group}`
    if (plural === 'events' || plural === 'leases' || !verbs.includes('list') || seen.has(id)) continue
    seen.add(id)
    for (const object of cluster.state.list(id, undefined)) {
      if (began.delete(object)) continue
      const left = outside(object)
      if (left !== undefined) objects.push([id, withoutRolloutName(blurred(left))])
    }
  }
  const generic = genericNames([...objects.map(([, object]) => object), ...cluster.state.list('nodes', undefined)])
  const lines = objects.map(([resource, object]) => {
    const { generation = 0 } = object.metadata
    return `${resource} ${JSON.stringify(plain(object, { generic, generation }))}`
  })
  // Replaced or gone: both runs began with the same ones.
  for (const { kind, metadata } of began)
    lines.push(`not as it began: ${kind} ${metadata.namespace ?? ''}/${metadata.name}`)
  return lines.sort()
}
