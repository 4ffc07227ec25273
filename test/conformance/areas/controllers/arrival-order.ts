import type { ApiRequest } from '../../../../api/protocol/request.ts'
import type { Actor } from '../../../../runtime/kernel/actor.ts'
import type { Kernel } from '../../../../runtime/kernel/kernel.ts'
import { millisecond } from '../../../../runtime/kernel/micros.ts'
import type { RecordedCase } from './recorded-case.ts'
import { symbolShape, type Bindings } from './symbols.ts'

/**
 * How long a request takes from a controller to the server is an input of the replay, as in the recording: which of several requests
 * under way arrives first is chance. They arrive in the recorded order, as far as the controllers send them close enough together.
 */
export interface ArrivalOrder {
  /**
   * Calls `deliver` at once, or a little later when the recording has requests before it that are still to come. `lost` tells that it
   * met a conflict, which is not recorded: the next try takes its place.
   */
  offer(request: ApiRequest, by: string, deliver: (lost: () => void) => void): void
}

/** So long a request is on its way, at most: about what one takes on a busy machine. */
const longest = 30 * millisecond

interface Expected {
  readonly window: number
  readonly key: string
  /** Has arrived, or did not come in time. */
  settled: boolean
}

interface Held {
  readonly expected: Expected
  readonly deliver: (lost: () => void) => void
}

export const createArrivalOrder = (
  recorded: RecordedCase,
  bindings: Bindings,
  world: { readonly kernel: Kernel; readonly actor: Actor; readonly window: () => number },
): ArrivalOrder => {
  const { kernel, actor, window } = world
  const anonymous = recorded.compare.anonymous ?? []
  const nameless = (name: string): string => {
    const prefix = symbolShape.exec(name)?.[1]
    return prefix !== undefined && anonymous.includes(prefix) ? `${prefix}{*}` : name
  }
  const keyOf = (by: string, verb: string, rest: readonly (string | undefined)[]): string =>
    [by, verb, ...rest.map((one) => one ?? '')].join(' ')
  const { loose = {} } = recorded.compare
  // Loose objects are written as often as it happens.
  const isLoose = (key: string): boolean => loose[key] !== undefined
  const all: Expected[] = recorded.trace
    .filter((entry) => entry.step === undefined)
    .filter((entry) => !isLoose(`${entry.res}/${entry.ns ?? ''}/${entry.name}`))
    .map((entry) => {
      const created = entry.verb === 'create' && entry.sub === undefined
      const name = created ? entry.name.replace(/\{[^}]*\}$/, '') : nameless(entry.name)
      return {
        window: entry.w,
        key: keyOf(entry.by, entry.verb, [entry.res, entry.sub, entry.ns, name]),
        settled: false,
      }
    })
  const byWindow = new Map<number, Expected[]>()
  for (const one of all) byWindow.set(one.window, [...(byWindow.get(one.window) ?? []), one])
  let held: Held[] = []

  const find = (request: ApiRequest, by: string): Expected | undefined => {
    const { verb, resource, subresource, namespace } = request
    const metadata = (request.body as { metadata?: { name?: string; generateName?: string } } | undefined)?.metadata
    const created = verb === 'create' && subresource === undefined
    const real = request.name ?? metadata?.name
    const symbol = real === undefined ? metadata?.generateName : (bindings.names().get(real) ?? real)
    const name = verb === 'deletecollection' ? '*' : created ? symbol : nameless(symbol ?? '')
    const key = keyOf(by, verb, [resource.plural, subresource, namespace, name])
    const waiting = new Set(held.map((one) => one.expected))
    return byWindow.get(window())?.find((one) => one.key === key && !one.settled && !waiting.has(one))
  }
  const before = (one: Expected): readonly Expected[] => {
    const list = byWindow.get(one.window)!
    return list.slice(0, list.indexOf(one)).filter((each) => !each.settled)
  }
  const release = (): void => {
    for (;;) {
      const next = held.find((one) => before(one.expected).length === 0)
      if (next === undefined) return
      held = held.filter((one) => one !== next)
      const { expected } = next
      expected.settled = true
      next.deliver(() => {
        expected.settled = false
      })
    }
  }
  return {
    offer(request, by, deliver) {
      const expected = find(request, by)
      if (expected === undefined) {
        deliver(() => undefined)
        return
      }
      const one: Held = { expected, deliver }
      held.push(one)
      release()
      if (!held.includes(one)) return
      kernel.after(longest, actor, () => {
        if (!held.includes(one)) return
        const under = new Set(held.map((each) => each.expected))
        for (const missing of before(expected)) if (!under.has(missing)) missing.settled = true
        release()
      })
    },
  }
}
