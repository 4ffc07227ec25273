import type { Cycle, Handle, Plugin, PluginFactory } from './framework.ts'
import { status, type Code, type Status } from './status.ts'

type Complain = (message: string) => void
const codes: readonly Code[] = ['Error', 'Unschedulable', 'UnschedulableAndUnresolvable', 'Wait', 'Pending']

/** What a user's plugin sees of the scheduler: everything, and nothing that it could change. */
const readOnly = <A extends object>(target: A, name: string): A => {
  const views = new WeakMap<object, object>()
  const refuse = (property: string | symbol): never => {
    throw new TypeError(`${name} may not change ${String(property)}: what a plugin is given is not its own`)
  }
  const view = (value: unknown): unknown => {
    // Frozen objects cannot be changed as it is.
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
    let known = views.get(value)
    if (known === undefined) {
      known = viewOf(value)
      views.set(value, known)
    }
    return known
  }
  const changing = new Set([
    'set',
    'add',
    'delete',
    'clear',
    'push',
    'pop',
    'shift',
    'unshift',
    'splice',
    'sort',
    'reverse',
    'fill',
    'copyWithin',
  ])
  const viewOf = (value: object): object =>
    new Proxy(value, {
      get(own, property) {
        const item: unknown = Reflect.get(own, property, own)
        if (typeof item !== 'function') return view(item)
        const collection = own instanceof Map || own instanceof Set || Array.isArray(own) || ArrayBuffer.isView(own)
        if (collection && changing.has(String(property))) return () => refuse(property)
        return (...args: readonly unknown[]): unknown => view(Reflect.apply(item, own, args))
      },
      set: (_own, property) => refuse(property),
      defineProperty: (_own, property) => refuse(property),
      deleteProperty: (_own, property) => refuse(property),
    })
  return view(target) as A
}

const described = (value: unknown): string => {
  const text = typeof value === 'function' ? 'a function' : JSON.stringify(value)
  return text === undefined ? String(value) : text.slice(0, 80)
}
const isStatus = (value: unknown): value is Status => {
  if (typeof value !== 'object' || value === null) return false
  const { code, reasons } = value as Partial<Status>
  return codes.includes(code as Code) && Array.isArray(reasons) && reasons.every((one) => typeof one === 'string')
}

/**
 * A plugin that the user wrote, made by the same contract as the built-in ones. What it throws, what it answers that is no
 * answer, and what it tries to change becomes an error of its attempt, and is told by its name.
 */
export const guardPlugin =
  (name: string, factory: PluginFactory, complain: Complain): PluginFactory =>
  (handle: Handle, args, index) => {
    const failed = (point: string, why: string): Status => {
      complain(`scheduler plugin ${name}: ${point} ${why}`)
      return status(name, 'Error', `${point} ${why}`)
    }
    const guarded = <A>(
      point: string,
      call: () => unknown,
      allowed: (value: unknown) => value is A,
    ): A | Status | undefined => {
      let value: unknown
      try {
        value = call()
      } catch (error) {
        return failed(point, `threw ${error instanceof Error ? error.message : String(error)}`)
      }
      if (value === undefined || allowed(value)) return value
      if (isStatus(value)) return Object.freeze({ ...value, plugin: name })
      return failed(point, `answered ${described(value)}, which is no verdict`)
    }
    let plugin: Partial<Plugin> = {}
    try {
      plugin = factory(readOnly(handle, name), args, index)
      if (typeof plugin !== 'object' || plugin === null) throw new TypeError(`made ${described(plugin)} of itself`)
    } catch (error) {
      plugin = {}
      complain(`scheduler plugin ${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
    // A plugin keeps what it knows of an attempt under its own index: only that may be written.
    const cycles = new WeakMap<Cycle, Cycle>()
    const seen = (cycle: Cycle): Cycle => {
      let own = cycles.get(cycle)
      if (own === undefined) {
        own = Object.freeze({ ...cycle, pod: readOnly(cycle.pod, name), states: [], scoreStates: [] })
        cycles.set(cycle, own)
      }
      return own
    }
    const none = (_value: unknown): _value is never => false
    const skip = (value: unknown): value is 'skip' => value === 'skip'
    const { preEnqueue, preFilter, filter, preScore, score, normalize, reserve, unreserve, events } = plugin
    return {
      name,
      ...(events === undefined ? {} : { events }),
      ...(preEnqueue === undefined
        ? {}
        : { preEnqueue: (pod) => guarded('PreEnqueue', () => preEnqueue(readOnly(pod, name)), none) }),
      ...(preFilter === undefined
        ? {}
        : {
            preFilter: (cycle) =>
              guarded(
                'PreFilter',
                () => preFilter(seen(cycle)),
                (value): value is 'skip' | ReadonlySet<string> => value === 'skip' || value instanceof Set,
              ),
          }),
      ...(filter === undefined
        ? {}
        : { filter: (cycle, slot) => guarded('Filter', () => filter(seen(cycle), slot), none) }),
      ...(preScore === undefined
        ? {}
        : { preScore: (cycle, slots) => guarded('PreScore', () => preScore(seen(cycle), slots.slice()), skip) }),
      ...(score === undefined
        ? {}
        : {
            score: (cycle, slots, scores) => {
              const answer = guarded(
                'Score',
                () => score(seen(cycle), slots.slice(), scores),
                (value): value is 'zero' => value === 'zero',
              )
              const wrong = scores.findIndex((one) => !Number.isFinite(one))
              return answer === undefined && wrong >= 0 ? failed('Score', `gave ${scores[wrong]!} to a node`) : answer
            },
          }),
      ...(normalize === undefined
        ? {}
        : {
            normalize: (cycle, slots, scores) => {
              const refused = guarded('NormalizeScore', () => normalize(seen(cycle), slots.slice(), scores), none)
              // A score that is out of bounds ends the attempt, as upstream's framework has it.
              if (refused !== undefined) scores.fill(-1)
            },
          }),
      ...(reserve === undefined
        ? {}
        : { reserve: (cycle, node) => guarded('Reserve', () => reserve(seen(cycle), node), none) }),
      ...(unreserve === undefined
        ? {}
        : { unreserve: (cycle, node) => void guarded('Unreserve', () => unreserve(seen(cycle), node), none) }),
    }
  }
