import { isDeepStrictEqual } from 'node:util'
import { mergePatch } from './merge-diff.ts'
import { comparable, reorder } from './normalize.ts'
import type { Entry, RecordedCase, RecordedEvent } from './recorded-case.ts'
import type { Replayed } from './run-case.ts'

const keyOf = (entry: Entry): string => `${entry.res}/${entry.ns ?? ''}/${entry.name}`

/** One entry as it is compared. Whether the write that ends an object is called a noop differs between the recorded files. */
const shown = (entry: Entry): unknown => ({
  w: entry.w,
  by: entry.by,
  verb: entry.verb,
  sub: entry.sub,
  code: entry.code,
  error: entry.error,
  noop: entry.gone === true ? undefined : entry.noop,
  gone: entry.gone,
  body: entry.step === undefined && entry.body !== undefined ? comparable(bodyOf(entry), 'body') : undefined,
  diff: entry.diff === undefined ? undefined : comparable(entry.diff, 'diff'),
})

/** What a collection's delete took may have gone before, by the garbage collector (compare.go, print). */
const bodyOf = (entry: Entry): unknown =>
  entry.verb === 'deletecollection' ? { options: (entry.body as { options: unknown }).options } : entry.body

const text = (value: unknown): string => JSON.stringify(value)

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The places where two values differ. */
const places = (want: unknown, got: unknown, path = ''): string[] => {
  if (isDeepStrictEqual(want, got)) return []
  if (isPlain(want) && isPlain(got)) {
    return [...new Set([...Object.keys(want), ...Object.keys(got)])].flatMap((key) =>
      places(want[key], got[key], `${path}.${key}`),
    )
  }
  if (Array.isArray(want) && Array.isArray(got) && want.length === got.length) {
    return want.flatMap((item, at) => places(item, got[at], `${path}[${at}]`))
  }
  const show = (value: unknown): string => (value === undefined ? 'nothing' : text(value))
  return [`${path || '(all)'}: recorded ${show(want)}, ours ${show(got)}`]
}

const firstDifference = (want: readonly unknown[], got: readonly unknown[]): string | undefined => {
  for (let at = 0; at < Math.max(want.length, got.length); at += 1) {
    if (isDeepStrictEqual(want[at], got[at])) continue
    const before = want[at]
    const head = isPlain(before)
      ? text({ w: before['w'], by: before['by'], verb: before['verb'], sub: before['sub'] })
      : ''
    return `  at ${at} of ${want.length} ${head}\n${places(before, got[at])
      .map((line) => `    ${line}`)
      .join('\n')}`
  }
  return undefined
}

const group = (entries: readonly Entry[], by: (entry: Entry) => string): Map<string, Entry[]> => {
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) {
    const key = by(entry)
    const list = groups.get(key)
    if (list === undefined) groups.set(key, [entry])
    else list.push(entry)
  }
  return groups
}

/** State of an object at the end of each window in which it was written. */
const statesOf = (entries: readonly Entry[], start: unknown, recorded: RecordedCase): Map<number, unknown> => {
  const states = new Map<number, unknown>()
  let state: unknown = start
  for (const entry of entries) {
    if (entry.code >= 300) continue
    if (entry.gone === true) state = undefined
    else if (entry.verb === 'create' && entry.sub === undefined) {
      const body = entry.step === undefined ? entry.body : recorded.steps[entry.step]?.body
      state = mergePatch(body ?? {}, entry.diff ?? {})
    } else if (entry.diff !== undefined) state = mergePatch(state, entry.diff)
    states.set(entry.w, state)
  }
  return states
}

const stateAt = (states: Map<number, unknown>, window: number): unknown => {
  let found: unknown
  for (const [w, state] of states) if (w <= window) found = state
  return found
}

const dropSliceGeneration = (key: string, state: unknown): unknown => {
  if (!key.startsWith('endpointslices/') || typeof state !== 'object' || state === null) return state
  const copy = structuredClone(state) as { metadata?: { generation?: number } }
  delete copy.metadata?.generation
  return copy
}

/** Compares by the rules of the area's README; undefined if all agrees. */
export const compareCase = (recorded: RecordedCase, ours: Replayed): string | undefined => {
  const { loose = {}, anonymous = [], unordered = [], events } = recorded.compare
  const problems: string[] = []
  const isAnonymous = (name: string): boolean =>
    anonymous.some((prefix) => name.startsWith(prefix) && /^\{[^}]*\}$/.test(name.slice(prefix.length)))
  const blur = (value: string): string => {
    // Which node an anonymous pod is on is as free as its name.
    let out = anonymous.length > 0 ? value.replaceAll(/"[abnw][1-9]"/g, '"{node}"') : value
    for (const prefix of anonymous)
      out = out.replaceAll(
        new RegExp(`${prefix.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\{[^}]*\\}`, 'g'),
        `${prefix}{*}`,
      )
    return out
  }
  const looseKey = (entry: Entry): string | undefined => {
    const key = keyOf(entry)
    if (loose[key] !== undefined) return key
    // The minute of a CronJob's Job is the case's own.
    const keys = [blur(key), blur(key).replace(/\b2\d{7}\b/, '{minute}')]
    return keys.find((one) => loose[one] !== undefined)
  }
  const blurred = (value: unknown): unknown => {
    const blurredText = blur(text(value))
    const parsed = JSON.parse(blurredText) as unknown
    return blurredText.includes('{*}') ? reorder(parsed) : parsed
  }
  const blurEntry = (entry: Entry): unknown => blurred(shown(entry))

  const plain = (entries: readonly Entry[]): Map<string, Entry[]> =>
    group(
      entries.filter((entry) => looseKey(entry) === undefined && !isAnonymous(entry.name)),
      keyOf,
    )
  const want = plain(recorded.trace)
  const got = plain(ours.entries)
  for (const key of new Set([...want.keys(), ...got.keys()])) {
    const difference = firstDifference((want.get(key) ?? []).map(blurEntry), (got.get(key) ?? []).map(blurEntry))
    if (difference !== undefined) problems.push(`${key}:\n${difference}`)
  }

  const looseEntries = (entries: readonly Entry[]): Map<string, Entry[]> =>
    group(
      entries.filter((entry) => looseKey(entry) !== undefined && !isAnonymous(entry.name)),
      keyOf,
    )
  const wantLoose = looseEntries(recorded.trace)
  const gotLoose = looseEntries(ours.entries)
  const windows = [...new Set(recorded.steps.map((step) => step.w))]
  for (const [key, entries] of wantLoose) {
    if (key.includes('{?}')) continue
    const start = ours.initial.get(key)
    const wantStates = statesOf(entries, start, recorded)
    const gotStates = statesOf(gotLoose.get(key) ?? [], start, recorded)
    for (const w of windows) {
      if (loose[key]?.includes(w) === true) continue
      const a = blurred(comparable(dropSliceGeneration(key, stateAt(wantStates, w)) ?? null, 'diff'))
      const b = blurred(comparable(dropSliceGeneration(key, stateAt(gotStates, w)) ?? null, 'diff'))
      if (isDeepStrictEqual(a, b)) continue
      problems.push(`${key} at the end of window ${w}:\n    ${places(a, b).join('\n    ')}`)
      break
    }
  }

  const bag = (entries: readonly Entry[], prefix: string): Map<number, string[]> => {
    const bags = new Map<number, string[]>()
    for (const entry of entries) {
      if (!entry.name.startsWith(prefix) || !isAnonymous(entry.name) || looseKey(entry) !== undefined) continue
      const seen = text(blurEntry(entry))
      bags.set(entry.w, [...(bags.get(entry.w) ?? []), seen])
    }
    for (const list of bags.values()) list.sort()
    return bags
  }
  for (const prefix of anonymous) {
    const a = bag(recorded.trace, prefix)
    const b = bag(ours.entries, prefix)
    for (const w of new Set([...a.keys(), ...b.keys()])) {
      const difference = firstDifference(a.get(w) ?? [], b.get(w) ?? [])
      if (difference !== undefined) problems.push(`${prefix}* in window ${w}:\n${difference}`)
    }
  }

  const orders = (entries: readonly Entry[]): Map<string, Entry[]> =>
    group(
      entries.filter((entry) => looseKey(entry) === undefined),
      (entry) => entry.by,
    )
  const wantOrders = orders(recorded.trace)
  const gotOrders = orders(ours.entries)
  for (const [actor, entries] of wantOrders) {
    if (unordered.includes(actor)) continue
    // Which of several new names came first says nothing: they are numbered by what happens to them later.
    const name = (entry: Entry): string =>
      entry.verb === 'create' && entry.sub === undefined ? entry.name.replace(/\{\d+\}$/, '{*}') : entry.name
    const line = (entry: Entry): string => blur(text([entry.w, entry.verb, entry.res, entry.sub ?? '', name(entry)]))
    const difference = firstDifference(entries.map(line), (gotOrders.get(actor) ?? []).map(line))
    if (difference !== undefined) problems.push(`order of ${actor}:\n${difference}`)
  }

  if (events !== 'free') {
    const line = (event: RecordedEvent): string =>
      blur(
        text([
          event.by,
          event.regarding,
          event.type,
          event.reason,
          event.message,
          ...(events === 'exact' ? [event.count] : []),
        ]),
      )
    // The recorder's own nodes come before time 0 and go after the last case: whether that is told within this one is not its doing.
    const own = new Set(
      recorded.steps
        .filter((step) => step.res === 'nodes' && (step.do === 'create' || step.do === 'delete'))
        .map((step) => `Node/${step.name ?? ''}`),
    )
    const isSetUp = ({ reason, regarding }: RecordedEvent): boolean =>
      (reason === 'RegisteredNode' || reason === 'RemovingNode') && !own.has(regarding)
    const collect = (list: readonly RecordedEvent[]): string[] => {
      const lines = list
        .filter((event) => !isSetUp(event))
        .map(line)
        .sort()
      return events === 'exact' ? lines : [...new Set(lines)]
    }
    const difference = firstDifference(collect(recorded.events), collect(ours.events))
    if (difference !== undefined) problems.push(`events:\n${difference}`)
  }
  return problems.length === 0 ? undefined : problems.join('\n')
}
