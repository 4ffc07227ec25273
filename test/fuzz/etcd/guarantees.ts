import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { WatchEvent } from '../../../api/protocol/watch-event.ts'
import type { Problem } from '../fuzzer.ts'

/** One committed change, as the timeline has it: what every watcher is measured against. */
export interface Committed {
  readonly revision: number
  readonly key: string
  readonly value: KubeObject | undefined
  readonly before: KubeObject | undefined
}

/** What one open watch has heard, from the revision after which it asked. */
export interface Heard {
  readonly name: string
  readonly from: number
  /** Value of the label `l` that it selects; undefined: everything. */
  readonly label: string | undefined
  readonly events: readonly WatchEvent[]
}

const matches = (object: KubeObject | undefined, label: string | undefined): boolean =>
  object !== undefined && (label === undefined || object.metadata.labels?.['l'] === label)

type Type = 'ADDED' | 'MODIFIED' | 'DELETED'

/** What a watcher with that selector is to hear of a change; undefined: nothing. */
const typeOf = (change: Committed, label: string | undefined): Type | undefined => {
  const [now, then] = [matches(change.value, label), matches(change.before, label)]
  return now ? (then ? 'MODIFIED' : 'ADDED') : then ? 'DELETED' : undefined
}

const dataOf = (object: KubeObject | undefined): unknown => (object as { readonly data?: unknown } | undefined)?.data

/**
 * The nine guarantees of a watch (etcd tests/robustness/validate/watch.go), each judged by itself against the committed history.
 * `complete`: the watch has had time to hear everything.
 */
export const brokenGuarantee = (
  heard: Heard,
  history: readonly Committed[],
  complete: boolean,
): Problem | undefined => {
  const due = history.filter((change) => change.revision > heard.from && typeOf(change, heard.label) !== undefined)
  const broken = (guarantee: string, detail: string): Problem => ({
    kind: guarantee,
    detail: `${heard.name} from ${heard.from}${heard.label === undefined ? '' : ` with l=${heard.label}`}: ${detail}`,
  })
  const seen = new Set<string>()
  let last = heard.from
  let told = 0
  let marked = 0
  for (const event of heard.events) {
    if (event.type === 'ERROR') break
    if (event.type === 'BOOKMARK') {
      marked = Number(event.resourceVersion)
      const missed = due.slice(told).find((change) => change.revision <= marked)
      if (missed !== undefined)
        return broken('bookmarkable', `bookmark ${marked} before ${missed.key}@${missed.revision}`)
      if (marked < last) return broken('bookmarkable', `bookmark ${marked} after ${last}`)
      continue
    }
    const { object } = event
    const revision = Number(object.metadata.resourceVersion)
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`
    const text = `${event.type} ${key}@${revision}`
    if (revision < last) return broken('ordered', `${text} after ${last}`)
    if (revision <= marked) return broken('bookmarkable', `${text} after bookmark ${marked}`)
    if (seen.has(`${key}@${revision}`)) return broken('unique', `${text} twice`)
    seen.add(`${key}@${revision}`)
    const change = history.find((one) => one.revision === revision && one.key === key)
    if (change === undefined) return broken('reliable', `${text} was never committed`)
    const expected = due[told]
    if (expected === undefined || expected.revision !== revision || expected.key !== key) {
      const skipped = expected === undefined ? 'nothing' : `${expected.key}@${expected.revision}`
      if (expected !== undefined && expected.revision === last)
        return broken('atomic', `${text} before the rest of revision ${last}, ${skipped}`)
      const guarantee =
        typeOf(change, heard.label) === undefined ? 'filter' : heard.from > 0 && told === 0 ? 'resumable' : 'reliable'
      return broken(guarantee, `${text}, but ${skipped} was due`)
    }
    const type = typeOf(change, heard.label)
    if (type !== event.type)
      return broken(
        type === 'ADDED' || event.type === 'ADDED' ? 'isCreate' : 'filter',
        `${text}, but it is ${type ?? 'nothing'} to it`,
      )
    const shown = event.type === 'DELETED' ? change.before : change.value
    if (!structuralEqual(dataOf(object), dataOf(shown)))
      return broken('prevKV', `${text} shows ${JSON.stringify(dataOf(object))}`)
    told += 1
    last = revision
  }
  const ended = heard.events.some((event) => event.type === 'ERROR')
  if (complete && !ended && told < due.length) {
    const next = due[told]!
    return broken(next.revision === last ? 'atomic' : 'reliable', `${next.key}@${next.revision} was never told`)
  }
  return undefined
}
