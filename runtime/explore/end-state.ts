import type { KubeObject } from '../../api/object.ts'
import { objectSubject, resourceName } from '../../api/object-key.ts'
import type { Record } from '../record/record.ts'
import type { Revision } from '../record/revision.ts'

/** How many objects there are at the end of a run that look alike, by what they look like. */
export type EndState = ReadonlyMap<string, number>

/** Told to people, or renewed for ever: no part of what a run came to. */
const passing = new Set(['events', 'events.events.k8s.io', 'leases.coordination.k8s.io'])

interface Seen extends KubeObject {
  readonly status?: { readonly phase?: string; readonly conditions?: readonly { type: string; status: string }[] }
}

const looks = new WeakMap<KubeObject, string>()

/** Without what chance decides: drawn names, times, where it runs. */
const lookOf = (resource: string, object: KubeObject): string => {
  let look = looks.get(object)
  if (look !== undefined) return look
  const { metadata, status } = object as Seen
  const { namespace, name, generateName, deletionTimestamp } = metadata
  const own = generateName === undefined ? name : `${generateName}*`
  look = [
    `${resource} ${namespace === undefined ? '' : `${namespace}/`}${own}`,
    ...(status?.phase === undefined ? [] : [status.phase]),
    ...(status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ? ['Ready'] : []),
    ...(deletionTimestamp === undefined ? [] : ['Terminating']),
  ].join(' ')
  looks.set(object, look)
  return look
}

/** What is there when a run has ended. */
export const endStateOf = ({ timeline, start }: Record): EndState => {
  const objects = new Map<string, { readonly resource: string; readonly object: KubeObject }>()
  for (const { resource, object } of start?.objects ?? []) {
    const name = resourceName(resource)
    if (passing.has(name)) continue
    objects.set(objectSubject(resource, object.metadata.namespace, object.metadata.name), { resource: name, object })
  }
  for (let entry = 0; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) !== 'revision') continue
    const { resource, object } = timeline.data(entry) as Revision
    const name = resourceName(resource)
    if (passing.has(name)) continue
    if (object === undefined) objects.delete(timeline.subject(entry))
    else objects.set(timeline.subject(entry), { resource: name, object })
  }
  const counts = new Map<string, number>()
  for (const { resource, object } of objects.values()) {
    const look = lookOf(resource, object)
    counts.set(look, (counts.get(look) ?? 0) + 1)
  }
  return counts
}

/** The first thing, by its name, of which there are not as many: `3 pods default/web-* Running Ready, not 2`. */
export const otherEnd = (state: EndState, reference: EndState): string | undefined => {
  const all = [...new Set([...state.keys(), ...reference.keys()])].sort()
  const look = all.find((one) => state.get(one) !== reference.get(one))
  return look === undefined ? undefined : `${state.get(look) ?? 0} × ${look}, not ${reference.get(look) ?? 0}`
}
