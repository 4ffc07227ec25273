import type { KubeObject } from '../../../api/object.ts'
import type { Cluster } from '../../../runtime/cluster/cluster.ts'

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
  'pod-template-hash',
  // Of a tracker in memory upstream too: a new process does not know it.
  'endpoints.kubernetes.io/last-change-trigger-time',
])
/** Counts of how often something was tried: a crash is one more try. */
const tries = new Set(['generation', 'observedGeneration', 'restartCount', 'collisionCount'])

const volatile: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z\b/g, '<time>'],
  [/\b\d+\.\d+\.\d+\.\d+\b/g, '<ip>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uid>'],
]

const plain = (value: unknown, names: ReadonlyMap<string, string>): unknown => {
  if (typeof value === 'string') {
    let text = names.get(value) ?? value
    for (const [pattern, word] of volatile) text = text.replace(pattern, word)
    for (const [name, generic] of names) if (text.includes(name)) text = text.replaceAll(name, generic)
    return text
  }
  if (Array.isArray(value)) {
    const items = value.map((one) => plain(one, names))
    return items.every((one) => typeof one === 'object') ? items.map((one) => JSON.stringify(one)).sort() : items
  }
  if (typeof value !== 'object' || value === null) return value
  const out: [string, unknown][] = []
  for (const key of Object.keys(value).sort()) {
    if (ignored.has(key) || tries.has(key) || /Time(?:stamp)?$/.test(key)) continue
    out.push([key, plain((value as Record<string, unknown>)[key], names)])
  }
  return Object.fromEntries(out)
}

const generic = (object: KubeObject): string | undefined => {
  const { name = '', generateName } = object.metadata
  if (generateName !== undefined && name.startsWith(generateName)) return `${generateName}*`
  // CronJobs name Jobs by the minute.
  return /-\d{8}$/.test(name) ? name.replace(/\d{8}$/, '*') : undefined
}

/** How many Jobs a CronJob has started is a matter of when one looks. */
const ofCronJob = ({ kind, metadata, status }: KubeObject & { readonly status?: unknown }): boolean =>
  metadata.labels?.['batch.kubernetes.io/job-name'] !== undefined
    ? /-\d{8}$/.test(metadata.labels['batch.kubernetes.io/job-name'])
    : kind === 'CronJob' && status !== undefined

/** All that a cluster holds in the end, but events and leases, without what chance gave it. A multiset, as sorted lines. */
export const finalState = (cluster: Cluster): readonly string[] => {
  const seen = new Set<string>()
  const objects: (readonly [string, KubeObject])[] = []
  for (const { group, plural, verbs } of cluster.scheme().resources) {
    const id = group === '' ? plural : `${plural}.${group}`
    if (plural === 'events' || plural === 'leases' || !verbs.includes('list') || seen.has(id)) continue
    seen.add(id)
    for (const object of cluster.state.list(id, undefined)) if (!ofCronJob(object)) objects.push([id, object])
  }
  const names = new Map<string, string>()
  for (const [, object] of objects) {
    const word = generic(object)
    if (word !== undefined) names.set(object.metadata.name, word)
  }
  return objects
    .map(([resource, object]) => {
      const line = JSON.stringify(plain(object, names))
      return `${resource} ${line}`
    })
    .sort()
}
