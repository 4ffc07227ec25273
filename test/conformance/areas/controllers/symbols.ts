import type { Entry, RecordedCase } from './recorded-case.ts'
import { mergePatch } from './merge-diff.ts'

/** A name with a random suffix: `web-68b4fdb489-{1}`. */
export const symbolShape: RegExp = /^(.*-)\{(\d+)\}$/

type Plain = Record<string, unknown>

/** What a pod is like, as far as a step on an anonymous pod cares. */
export interface Condition {
  readonly window: number
  readonly terminating: boolean
  readonly ready: boolean
  readonly bound: boolean
}

export interface Made {
  readonly prefix: string
  readonly name: string
  readonly res: string
  readonly window: number
  readonly order: number
  deletedOrder: number
  object: Plain
  gone: boolean
}

export const conditionOf = (object: Plain, window: number): Condition => {
  const metadata = object['metadata'] as Plain | undefined
  const conditions = ((object['status'] as Plain | undefined)?.['conditions'] ?? []) as Plain[]
  return {
    window,
    terminating: metadata?.['deletionTimestamp'] !== undefined,
    ready: conditions.some((one) => one['type'] === 'Ready' && one['status'] === 'True'),
    bound: ((object['spec'] as Plain | undefined)?.['nodeName'] ?? '') !== '',
  }
}

/** The recorded run's generated names: their windows, and the state of each before a step. */
export const readRecorded = (recorded: RecordedCase): Recorded => {
  const windows = new Map<string, number>()
  for (const entry of recorded.trace) {
    if (entry.verb === 'create' && entry.sub === undefined && entry.code < 300 && symbolShape.test(entry.name)) {
      windows.set(`${entry.res}/${entry.name}`, entry.w)
    }
  }
  return {
    windows,
    conditionBefore(step, res, name) {
      let state: unknown = {}
      for (const entry of recorded.trace) {
        if (entry.step === step) break
        if (entry.res !== res || entry.name !== name) continue
        if (entry.verb === 'create' && entry.sub === undefined) state = mergePatch(entry.body ?? {}, entry.diff ?? {})
        else if (entry.diff !== undefined) state = mergePatch(state, entry.diff)
      }
      return conditionOf(state as Plain, windows.get(`${res}/${name}`) ?? -1)
    },
  }
}

export interface Recorded {
  readonly windows: ReadonlyMap<string, number>
  conditionBefore(step: number, res: string, name: string): Condition
}

/** Binds the recorded names to this run's, as steps need them, and names the rest at the end. */
export const createBindings = (recorded: RecordedCase): Bindings => {
  const known = readRecorded(recorded)
  const anonymous = recorded.compare.anonymous ?? []
  const bound = new Map<string, Made>()
  const made: Made[] = []
  const isAnonymous = (symbol: string): boolean => anonymous.some((prefix) => symbol.startsWith(prefix))
  const taken = (one: Made): boolean => [...bound.values()].includes(one)

  return {
    made,
    real(symbol, step) {
      const match = symbolShape.exec(symbol)
      if (match === null) return symbol
      const prefix = match[1]!
      const key = `pods/${symbol}`
      const own = bound.get(symbol)
      const window = known.windows.get(key)
      const candidates = made.filter((one) => one.prefix === prefix && (window === undefined || one.window === window))
      if (!isAnonymous(symbol)) {
        if (own !== undefined) return own.name
        const fresh = candidates.find((one) => !taken(one) && !one.gone) ?? candidates.find((one) => !taken(one))
        if (fresh === undefined) return symbol
        bound.set(symbol, fresh)
        return fresh.name
      }
      const wanted = known.conditionBefore(step, 'pods', symbol)
      const fits = (one: Made): boolean => {
        const is = conditionOf(one.object, one.window)
        return (
          !one.gone && is.terminating === wanted.terminating && is.ready === wanted.ready && is.bound === wanted.bound
        )
      }
      if (own !== undefined && fits(own)) return own.name
      const next = candidates.find((one) => fits(one) && !taken(one)) ?? candidates.find(fits)
      if (next === undefined) return own?.name ?? symbol
      // Two symbols may change places: neither has an identity.
      for (const [other, one] of bound) if (one === next && own !== undefined) bound.set(other, own)
      bound.set(symbol, next)
      return next.name
    },
    finalNames() {
      const names = new Map<string, string>()
      const used = new Set<string>()
      for (const [symbol, one] of bound) {
        names.set(one.name, symbol)
        used.add(symbol)
      }
      const byPrefix = new Map<string, Made[]>()
      for (const one of made) {
        if (names.has(one.name)) continue
        byPrefix.set(one.prefix, [...(byPrefix.get(one.prefix) ?? []), one])
      }
      for (const [prefix, list] of byPrefix) {
        list.sort((a, b) => a.window - b.window || a.deletedOrder - b.deletedOrder || a.order - b.order)
        const free = [...known.windows]
          .map(([key, window]) => ({ symbol: key.slice(key.indexOf('/') + 1), window }))
          .filter(({ symbol }) => symbolShape.exec(symbol)?.[1] === prefix && !used.has(symbol))
        let extra = 1000
        for (const one of list) {
          const at = free.findIndex(({ window }) => window === one.window)
          const symbol = at >= 0 ? free.splice(at, 1)[0]!.symbol : `${prefix}{${(extra += 1)}}`
          names.set(one.name, symbol)
        }
      }
      return names
    },
  }
}

export interface Bindings {
  readonly made: Made[]
  /** This run's name for a recorded one, just before a step. */
  real(symbol: string, step: number): string
  finalNames(): ReadonlyMap<string, string>
}

export type { Entry }
