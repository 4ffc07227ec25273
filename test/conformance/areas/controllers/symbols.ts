import type { KubeObject } from '../../../../api/object.ts'
import { mergePatch } from './merge-diff.ts'
import type { RecordedCase } from './recorded-case.ts'

/** A name with a random suffix: `web-68b4fdb489-{1}`. */
export const symbolShape: RegExp = /^(.*-)\{(\d+)\}$/

type Plain = Record<string, unknown>

/** What a pod is like, as far as a step on an anonymous pod cares. */
interface Condition {
  readonly terminating: boolean
  readonly ready: boolean
  readonly bound: boolean
}

/** An object of this run with a generated name. */
export interface Made {
  readonly prefix: string
  readonly window: number
  /** The recorded name it stands for; undefined if the recording made none there. */
  symbol: string | undefined
  name: string
  object: Plain
  gone: boolean
}

const conditionOf = (object: Plain): Condition => {
  const metadata = object['metadata'] as Plain | undefined
  const conditions = ((object['status'] as Plain | undefined)?.['conditions'] ?? []) as Plain[]
  return {
    terminating: metadata?.['deletionTimestamp'] !== undefined,
    ready: conditions.some((one) => one['type'] === 'Ready' && one['status'] === 'True'),
    bound: ((object['spec'] as Plain | undefined)?.['nodeName'] ?? '') !== '',
  }
}

/** The node a DaemonSet's pod is made for. */
const pinnedNode = (object: unknown): string | undefined =>
  /"matchFields":\[\{[^\]]*"values":\["([^"]+)"\]/.exec(JSON.stringify(object) ?? '')?.[1]

const letters = 'bcdfghjklmnpqrstvwxz'

/** Five letters whose order is that of the numbers. */
const suffixOf = (number: number): string => {
  let text = ''
  let rest = number
  for (let at = 0; at < 5; at += 1) {
    text = letters[rest % letters.length]! + text
    rest = Math.floor(rest / letters.length)
  }
  return text
}

export interface Bindings {
  /**
   * Name and uid of an object about to be created. What the real control plane drew by chance is not recorded but for its outcome,
   * so it is an input here: within a window the n-th new object of a prefix (and node) gets the recorded n-th one's symbol, and a uid
   * that sorts as the symbols do, for they are numbered in order of deletion. Ties that Kubernetes breaks by uid fall as recorded.
   * Names sort as the controllers went through them, where they adopted or released them one by one (upstream in the order of a Go
   * map, here in name order). undefined: the recording made none here.
   */
  identify(object: KubeObject, window: number): { readonly uid: string; readonly suffix: string } | undefined
  /** Keeps what is known of a generated object current. */
  observe(object: KubeObject, gone: boolean, window: number): void
  /** The node that the pod of this name is made for, a DaemonSet's. */
  pinned(name: string): string | undefined
  /** This run's name for a recorded one, just before a step. */
  real(symbol: string, step: number): string
  /** Names of this run with what they are called in the recording. */
  names(): ReadonlyMap<string, string>
}

export const createBindings = (recorded: RecordedCase): Bindings => {
  const anonymous = recorded.compare.anonymous ?? []
  const isAnonymous = (symbol: string): boolean => anonymous.some((prefix) => symbol.startsWith(prefix))
  /** Events of new pods come in the order in which the requests were answered; a combined one is the last. */
  const toldAt = (symbol: string): number => {
    const at = recorded.events.findIndex((event) => event.message.endsWith(`Created pod: ${symbol}`))
    if (at < 0) return recorded.events.length
    return recorded.events[at]!.message.startsWith('(combined') ? recorded.events.length + 1 : at
  }
  const expected = recorded.trace
    .filter((entry) => entry.verb === 'create' && entry.sub === undefined && entry.code < 300)
    .filter((entry) => symbolShape.test(entry.name))
    .map((entry) => ({
      symbol: entry.name,
      prefix: symbolShape.exec(entry.name)![1]!,
      number: Number(symbolShape.exec(entry.name)![2]!),
      window: entry.w,
      node: pinnedNode(entry.body),
      type: (entry.body as { addressType?: string } | undefined)?.addressType,
      taken: false,
    }))
    .sort((a, b) => toldAt(a.symbol) - toldAt(b.symbol))
  const made: Made[] = []
  const byName = new Map<string, Made>()
  const bySymbol = new Map<string, Made>()
  let surplus = 1000

  /** Symbols in the order in which a controller first patched them. */
  const walk = [
    ...new Set(
      recorded.trace
        .filter((entry) => entry.verb === 'patch' && entry.sub === undefined && entry.step === undefined)
        .filter((entry) => entry.by !== 'generic-garbage-collector' && symbolShape.test(entry.name))
        .filter((entry) => 'ownerReferences' in ((entry.body as { metadata?: object } | undefined)?.metadata ?? {}))
        .map((entry) => entry.name),
    ),
  ]
  const add = (one: Made): void => {
    made.push(one)
    byName.set(one.name, one)
    if (one.symbol !== undefined) bySymbol.set(one.symbol, one)
  }

  const conditionBefore = (step: number, name: string): Condition => {
    let state: unknown = {}
    for (const entry of recorded.trace) {
      if (entry.step === step) break
      if (entry.res !== 'pods' || entry.name !== name) continue
      if (entry.verb === 'create' && entry.sub === undefined) state = mergePatch(entry.body ?? {}, entry.diff ?? {})
      else if (entry.diff !== undefined) state = mergePatch(state, entry.diff)
    }
    return conditionOf(state as Plain)
  }

  return {
    identify(object, window) {
      const prefix = object.metadata.generateName ?? ''
      const node = pinnedNode(object)
      const free = expected.filter((one) => !one.taken && one.prefix === prefix && one.window === window)
      const type = (object as { addressType?: string }).addressType
      const found = free.find((one) => one.node === node && one.type === type) ?? free[0]
      if (found === undefined) return undefined
      found.taken = true
      const { symbol, number } = found
      const patched = walk.indexOf(symbol)
      const suffix = suffixOf(patched < 0 ? walk.length + number : patched)
      add({ prefix, window, symbol, name: `${prefix.slice(0, 58)}${suffix}`, object: object as never, gone: false })
      const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')
      return { suffix, uid: `${hex(number, 8)}-0000-4000-8000-${hex(made.length, 12)}` }
    },
    observe(object, gone, window) {
      const { generateName: prefix, name } = object.metadata
      let one = byName.get(name)
      if (one === undefined) {
        if (prefix === undefined || gone || !/[bcdfghjklmnpqrstvwxz2456789]{5}$/.test(name)) return
        if (name.slice(0, -5) !== prefix.slice(0, 58)) return
        one = { prefix, window, symbol: `${prefix}{${(surplus += 1)}}`, name, object: object as never, gone }
        add(one)
      }
      one.object = object as unknown as Plain
      one.gone = gone
    },
    pinned(name) {
      const one = byName.get(name)
      return one === undefined ? undefined : pinnedNode(one.object)
    },
    real(symbol, step) {
      const match = symbolShape.exec(symbol)
      if (match === null) return symbol
      const own = bySymbol.get(symbol)
      if (!isAnonymous(symbol)) return own?.name ?? symbol
      const wanted = conditionBefore(step, symbol)
      const fits = (one: Made): boolean => {
        const is = conditionOf(one.object)
        return (
          !one.gone && is.terminating === wanted.terminating && is.ready === wanted.ready && is.bound === wanted.bound
        )
      }
      if (own !== undefined && fits(own)) return own.name
      const window = expected.find((one) => one.symbol === symbol)?.window
      const candidates = made.filter((one) => one.prefix === match[1] && fits(one))
      const other = candidates.find((one) => one.window === window) ?? candidates[0]
      if (other === undefined) return own?.name ?? symbol
      // The two change places: neither has an identity.
      if (own !== undefined) own.symbol = other.symbol
      if (own !== undefined && other.symbol !== undefined) bySymbol.set(other.symbol, own)
      other.symbol = symbol
      bySymbol.set(symbol, other)
      return other.name
    },
    names: () => new Map(made.filter((one) => one.symbol !== undefined).map((one) => [one.name, one.symbol!])),
  }
}
