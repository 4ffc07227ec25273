import type { KubeObject } from '../../api/object.ts'
import type {
  BindStep,
  Cycle,
  EventRegistration,
  Handle,
  PermitWait,
  Plugin,
  PluginFactory,
  PostFilterAnswer,
  PreBindStep,
} from './framework.ts'
import { readOnly } from './read-only.ts'
import { isStatus, status, type Status } from './status.ts'

type Complain = (message: string) => void

/** Extension points by the names under which upstream knows them. */
const points: Readonly<Record<Exclude<keyof Plugin, 'name' | 'events'>, string>> = {
  preEnqueue: 'PreEnqueue',
  queueSort: 'QueueSort',
  preFilter: 'PreFilter',
  addPod: 'AddPod',
  removePod: 'RemovePod',
  filter: 'Filter',
  postFilter: 'PostFilter',
  preScore: 'PreScore',
  score: 'Score',
  normalize: 'NormalizeScore',
  reserve: 'Reserve',
  unreserve: 'Unreserve',
  permit: 'Permit',
  preBindPreFlight: 'PreBindPreFlight',
  preBind: 'PreBind',
  bind: 'Bind',
  postBind: 'PostBind',
}
type Point = keyof typeof points

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const described = (value: unknown): string => {
  const text = typeof value === 'function' ? 'a function' : JSON.stringify(value)
  return text === undefined ? String(value) : text.slice(0, 80)
}
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const none = (_value: unknown): _value is never => false
const skip = (value: unknown): value is 'skip' => value === 'skip'
const isWait = (value: unknown): value is PermitWait =>
  isObject(value) && Number.isFinite(value['wait']) && (value['wait'] as number) >= 0
const isVerb = (value: unknown): boolean => value === 'create' || value === 'update' || value === 'updateStatus'
const isStep = (value: unknown): value is BindStep => {
  if (!isObject(value)) return false
  if (value['kind'] === 'wait') return Number.isFinite(value['seconds']) && (value['seconds'] as number) >= 0
  if (value['kind'] === 'bind') return typeof value['node'] === 'string'
  if (value['kind'] === 'read')
    return [value['resourceKind'], value['namespace'], value['name']].every((one) => typeof one === 'string')
  const object = value['object']
  return value['kind'] === 'write' && isVerb(value['verb']) && isObject(object) && isObject(object['metadata'])
}
const isPostFilter = (value: unknown): value is PostFilterAnswer => {
  if (!isObject(value) || !('status' in value)) return false
  const { status: verdict, nominate } = value
  return (verdict === undefined || isStatus(verdict)) && (nominate === undefined || typeof nominate === 'string')
}
const isRegistration = (value: unknown): value is EventRegistration => {
  if (!isObject(value) || !isObject(value['event'])) return false
  const { resource, actions } = value['event']
  return typeof resource === 'string' && Number.isInteger(actions)
}
const isGenerator = (value: unknown): value is Generator<unknown, unknown, unknown> =>
  isObject(value) && typeof value['next'] === 'function'

/**
 * A plugin that the user wrote, made by the same contract as the built-in ones. What it throws, what it answers that is no
 * answer, and what it tries to change becomes an error of its attempt, and is told by its name.
 */
export const guardPlugin =
  (name: string, factory: PluginFactory, complain: Complain): PluginFactory =>
  (handle: Handle, args, index) => {
    const tell = (what: string): void => complain(`scheduler plugin ${name}: ${what}`)
    const failed = (point: Point, why: string): Status => {
      tell(`${points[point]} ${why}`)
      return status(name, 'Error', `${points[point]} ${why}`)
    }
    const own = (verdict: Status): Status => Object.freeze({ ...verdict, plugin: name })
    const called = (point: Point, call: () => unknown): { readonly value: unknown } | Status => {
      try {
        return { value: call() }
      } catch (error) {
        return failed(point, `threw ${messageOf(error)}`)
      }
    }
    /** What it answers: one of the allowed values, a verdict, or nothing. */
    const guarded = <A>(
      point: Point,
      call: () => unknown,
      allowed: (value: unknown) => value is A,
    ): A | Status | undefined => {
      const answer = called(point, call)
      if ('code' in answer) return answer
      const { value } = answer
      if (value === undefined || allowed(value)) return value
      return isStatus(value) ? own(value) : failed(point, `answered ${described(value)}, which is no verdict`)
    }
    /** For what answers nothing. */
    const quiet = (point: Point, call: () => unknown): void => {
      const answer = called(point, call)
      if ('code' in answer || answer.value === undefined) return
      failed(point, `answered ${described(answer.value)}, and nobody asked it for an answer`)
    }
    /** A generator of steps, driven with care; the last verdict may be 'skip' where `skips`. */
    function* stepped(
      point: 'preBind' | 'bind',
      call: () => unknown,
    ): Generator<BindStep, Status | 'skip' | undefined, unknown> {
      const begun = called(point, call)
      if ('code' in begun) return begun
      const steps = begun.value
      if (!isGenerator(steps)) return failed(point, `answered ${described(steps)}, which is no generator of steps`)
      let input: unknown
      for (;;) {
        const turn = called(point, () => steps.next(input))
        if ('code' in turn) return turn
        const { done, value } = turn.value as IteratorResult<unknown, unknown>
        if (done === true) {
          if (value === undefined || (point === 'bind' && skip(value))) return value
          return isStatus(value) ? own(value) : failed(point, `ended with ${described(value)}, which is no verdict`)
        }
        if (!isStep(value) || (point === 'preBind' && value.kind === 'bind'))
          return failed(point, `yielded ${described(value)}, which is no step`)
        input = yield value
      }
    }

    let made: Partial<Plugin> = {}
    try {
      made = factory(readOnly(handle, name), args, index)
      if (!isObject(made)) throw new TypeError(`made ${described(made)} of itself`)
    } catch (error) {
      made = {}
      tell(messageOf(error))
    }
    const plugin = made
    for (const [member, value] of Object.entries(plugin))
      if (member !== 'name' && member !== 'events' && !(member in points)) tell(`there is no extension point ${member}`)
      else if (member in points && value !== undefined && typeof value !== 'function')
        tell(`${points[member as Point]} is ${described(value)}, and no function`)
    const has = (point: Point): boolean => typeof plugin[point] === 'function'

    // A plugin keeps what it knows of an attempt under its own index: only that may be written.
    const cycles = new WeakMap<Cycle, Cycle>()
    const seen = (cycle: Cycle): Cycle => {
      let view = cycles.get(cycle)
      if (view === undefined) {
        view = Object.freeze({ ...cycle, pod: readOnly(cycle.pod, name), states: [], scoreStates: [] })
        cycles.set(cycle, view)
      }
      return view
    }

    const hintOf = ({ event, hint }: EventRegistration): EventRegistration =>
      hint === undefined
        ? { event }
        : {
            event,
            hint(pod, before: KubeObject | undefined, after: KubeObject | undefined) {
              let answer: unknown
              try {
                answer = hint(readOnly(pod, name), before, after)
              } catch (error) {
                tell(`a queueing hint threw ${messageOf(error)}`)
                return 'Queue'
              }
              // An error of a hint counts as a Queue, as upstream's isPodWorthRequeuing has it.
              if (answer === 'Queue' || answer === 'Skip') return answer
              tell(`a queueing hint answered ${described(answer)} instead of Queue or Skip`)
              return 'Queue'
            },
          }
    const eventsOf = (given: unknown): readonly EventRegistration[] | undefined => {
      if (given === undefined) return undefined
      if (Array.isArray(given) && given.every(isRegistration)) return given.map(hintOf)
      tell(`its events are ${described(given)}, and no list of { event: { resource, actions }, hint }`)
      return undefined
    }

    const guards: { readonly [P in Point]: NonNullable<Plugin[P]> } = {
      preEnqueue: (pod) => guarded('preEnqueue', () => plugin.preEnqueue!(readOnly(pod, name)), none),
      queueSort(a, b) {
        const [left, right] = [a, b].map(({ pod, timestamp }) => ({ pod: readOnly(pod, name), timestamp }))
        const answer = called('queueSort', () => plugin.queueSort!(left!, right!))
        if ('code' in answer) return false
        if (typeof answer.value === 'boolean') return answer.value
        failed('queueSort', `answered ${described(answer.value)} instead of true or false`)
        return false
      },
      preFilter: (cycle) =>
        guarded(
          'preFilter',
          () => plugin.preFilter!(seen(cycle)),
          (value): value is 'skip' | ReadonlySet<string> => value === 'skip' || value instanceof Set,
        ),
      addPod: (cycle, pod, slot) => quiet('addPod', () => plugin.addPod!(seen(cycle), readOnly(pod, name), slot)),
      removePod: (cycle, pod, slot) =>
        quiet('removePod', () => plugin.removePod!(seen(cycle), readOnly(pod, name), slot)),
      filter: (cycle, slot) => guarded('filter', () => plugin.filter!(seen(cycle), slot), none),
      postFilter(cycle, diagnosis) {
        const answer = guarded(
          'postFilter',
          () => plugin.postFilter!(seen(cycle), readOnly(diagnosis, name)),
          isPostFilter,
        )
        if (answer === undefined) return { status: status(name, 'Unschedulable'), nominate: undefined }
        if ('code' in answer) return { status: answer, nominate: undefined }
        return answer.status === undefined ? answer : { ...answer, status: own(answer.status) }
      },
      preScore: (cycle, slots) => guarded('preScore', () => plugin.preScore!(seen(cycle), slots.slice()), skip),
      score(cycle, slots, scores) {
        const answer = guarded(
          'score',
          () => plugin.score!(seen(cycle), slots.slice(), scores),
          (value): value is 'zero' => value === 'zero',
        )
        const wrong = scores.findIndex((one) => !Number.isFinite(one))
        return answer === undefined && wrong >= 0 ? failed('score', `gave ${scores[wrong]!} to a node`) : answer
      },
      normalize(cycle, slots, scores) {
        const refused = guarded('normalize', () => plugin.normalize!(seen(cycle), slots.slice(), scores), none)
        // A score that is out of bounds ends the attempt, as upstream's framework has it.
        if (refused !== undefined) scores.fill(-1)
      },
      reserve: (cycle, node) => guarded('reserve', () => plugin.reserve!(seen(cycle), node), none),
      unreserve: (cycle, node) => quiet('unreserve', () => plugin.unreserve!(seen(cycle), node)),
      permit: (cycle, node) => guarded('permit', () => plugin.permit!(seen(cycle), node), isWait),
      preBindPreFlight: (cycle, node) =>
        guarded('preBindPreFlight', () => plugin.preBindPreFlight!(seen(cycle), node), skip),
      *preBind(cycle, node): Generator<PreBindStep, Status | undefined, unknown> {
        const verdict = yield* stepped('preBind', () => plugin.preBind!(seen(cycle), node)) as Generator<
          PreBindStep,
          Status | undefined,
          unknown
        >
        return verdict
      },
      bind: (cycle, node) => stepped('bind', () => plugin.bind!(seen(cycle), node)),
      postBind: (cycle, node) => quiet('postBind', () => plugin.postBind!(seen(cycle), node)),
    }
    const events = eventsOf(plugin.events)
    return {
      name,
      ...(events === undefined ? {} : { events }),
      ...Object.fromEntries(Object.entries(guards).filter(([point]) => has(point as Point))),
    }
  }
