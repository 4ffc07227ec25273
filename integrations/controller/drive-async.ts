import type { Call } from '../../runtime/reconcile/controller.ts'
import { forked, sleeping, type StartCall } from '../../runtime/reconcile/forked-request.ts'
import { userError, type UserIo } from '../../runtime/reconcile/user-program.ts'
import type { Sandbox } from './sandbox.ts'

/** Timers and requests of one reconcile under way. */
export interface Conversation {
  /** `timer`: only time is to pass. */
  ask(call: Call<unknown>, timer?: boolean): unknown
  timer(run: () => void, milliseconds: number): number
  clear(timer: number): void
}

export interface AsyncReconcile {
  /** Runs the author's function in the sandbox; its promise. */
  readonly begin: (client: unknown) => unknown
  readonly io: UserIo
  readonly sandbox: Sandbox
  /** Runs code in the sandbox, and what it leaves to be done at once. */
  readonly inside: (code: () => void) => void
  /** Who is asked for timers while its code runs. */
  readonly speaks: (conversation: Conversation) => void
  /** The place of an error in the author's file, as a clause of a sentence. */
  readonly placeOf: (error: Error) => string
  readonly thrown: (error: unknown) => unknown
}

/** What became of it. */
type Outcome = { readonly value: unknown } | { readonly error: unknown }

interface Asked {
  readonly call: Call<unknown>
  readonly then: (answer: unknown) => void
  /** It may be left over when the code has returned: the loser of a race. */
  readonly timer: boolean
}

const forgotten: Outcome = {
  error: userError('it returned while a request of its own was under way: write `await` before each of them', {
    kind: 'misuse',
    place: undefined,
  }),
}

type Verb = (...args: never[]) => Call<unknown>

/** The client of `fromAsync`: the verbs of `live` and `write`, each a promise of an answer. */
const clientOf = (io: UserIo, ask: Conversation['ask']): object => {
  const asking =
    (verb: unknown) =>
    (...args: never[]): unknown =>
      ask((verb as Verb)(...args))
  return {
    read: io.read,
    ...Object.fromEntries(Object.entries({ ...io.live, ...io.write }).map(([name, verb]) => [name, asking(verb)])),
    sleep: (time: unknown) => {
      if (!Number.isSafeInteger(time) || (time as number) < 0)
        throw userError('`sleep` wants a time in whole microseconds', { kind: 'misuse', place: undefined })
      return ask(sleeping(time as number), true)
    },
    event: (...args: unknown[]) => io.event(...args),
    now: () => io.now(),
    timestamp: () => io.timestamp(),
    choose: (label: string, n: number) => io.choose(label, n),
  }
}

/**
 * Code with `await` as a reconcile: one fork that begins a request whenever the code asks for one, and lets the code go on in the
 * instant of the answer. It is through when its promise is settled and everything that it began has been answered.
 */
export function* driveAsync(options: AsyncReconcile): Generator<unknown, unknown, unknown> {
  const { sandbox } = options
  const outcome = (yield forked({
    begin(start, resume) {
      /** Requests under way. */
      let open = 0
      let sleeps = 0
      let floating = false
      let over = false
      const settled: { outcome?: Outcome } = {}
      let lastAsked: Error | undefined
      const timers = new Set<number>()
      let timerCount = 0
      const asked: Asked[] = []

      const end = (outcome: Outcome): void => {
        if (over) return
        over = true
        resume(outcome)
      }
      const stalled = (): Outcome => {
        const after = lastAsked === undefined ? '' : `; what it asked for last stands ${options.placeOf(lastAsked)}`
        const message = `it waits for what is neither an answer nor a timer of the run, and nobody brings it${after}`
        return { error: userError(message, { kind: 'escape', place: undefined }) }
      }
      const conversation: Conversation = {
        ask(call, timer = false) {
          const { promise, resolve } = sandbox.deferred()
          lastAsked = new Error('asked')
          asked.push({ call, then: resolve, timer })
          return promise
        },
        timer(run, milliseconds) {
          timerCount += 1
          const timer = timerCount
          timers.add(timer)
          lastAsked = new Error('asked')
          const micros = Math.max(0, Math.round(milliseconds * 1000))
          asked.push({ call: sleeping(micros), then: () => void (timers.delete(timer) && run()), timer: true })
          return timer
        },
        clear: (timer) => void timers.delete(timer),
      }
      /** Lets the code run until it waits, and starts what it asked for by then. */
      const go = (code: () => void): void => {
        if (over) return
        try {
          options.speaks(conversation)
          options.inside(code)
        } catch (error) {
          end({ error: options.thrown(error) })
          return
        }
        startAsked(start)
        if (over) return
        if (settled.outcome !== undefined) floating ||= open > 0
        if (open > 0) return
        if (settled.outcome !== undefined) end(floating ? forgotten : settled.outcome)
        else if (sleeps === 0) end(stalled())
      }
      const startAsked = (starting: StartCall): void => {
        const list = asked.splice(0)
        for (const { timer } of list) if (timer) sleeps += 1
        open += list.filter((one) => !one.timer).length
        for (const { call, then, timer } of list) {
          const answered = (answer: unknown): void => {
            if (timer) sleeps -= 1
            else open -= 1
            go(() => then(answer))
          }
          starting(call, answered, (error) => end({ error: options.thrown(error) }))
        }
      }
      go(() => {
        sandbox.follow(
          options.begin(clientOf(options.io, (call, timer) => conversation.ask(call, timer))),
          (value) => (settled.outcome = { value }),
          (reason) => (settled.outcome = { error: options.thrown(reason) }),
        )
      })
    },
  })) as Outcome
  if ('error' in outcome) throw outcome.error
  return outcome.value
}
