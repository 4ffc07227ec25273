import { createContext, Script, type Context } from 'node:vm'
import type { ProgramHost } from '../../runtime/reconcile/user-program.ts'
import { hearLostRejections } from './lost-rejections.ts'

/**
 * A JavaScript world of its own for one process of the user's: fresh globals, no Node, a virtual clock. What its code leaves to be
 * done at once (the continuations of promises) is done before `call` returns: its queue of microtasks is its own.
 */
export interface Sandbox {
  /** Runs code in the world, and its microtasks. */
  call<A>(code: () => A): A
  /** Evaluates a function body with these parameters. */
  evaluate(code: string, file: string): (...args: readonly unknown[]) => unknown
  /** A promise of that world, with how to settle it. */
  deferred(): Deferred
  /** Tells what became of a promise of that world. */
  follow(promise: unknown, then: (value: unknown) => void, failed: (reason: unknown) => void): void
}

export interface Deferred {
  readonly promise: unknown
  readonly resolve: (value: unknown) => void
}

/** Timers of the code that runs in the sandbox now: whoever drives it says what they do. */
export interface SandboxTimers {
  set(run: () => void, milliseconds: number): number
  clear(timer: number): void
}

export interface SandboxOptions {
  readonly host: ProgramHost
  readonly timers: SandboxTimers
  /** Thrown for what a run has not. */
  readonly escape: (what: string) => Error
}

/** Runs inside: takes away what is not the same each time, and gives what the run has instead. */
const prepare = new Script(
  `(({ wall, random, log, timers, escape, given }) => {
    const RealDate = Date
    const milliseconds = () => Math.floor(wall() / 1000)
    function VirtualDate(...args) {
      if (new.target === undefined) return new RealDate(milliseconds()).toString()
      return Reflect.construct(RealDate, args.length === 0 ? [milliseconds()] : args, new.target)
    }
    Object.setPrototypeOf(VirtualDate, RealDate)
    VirtualDate.prototype = RealDate.prototype
    VirtualDate.now = milliseconds
    RealDate.prototype.constructor = VirtualDate
    const define = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true })
    define('Date', VirtualDate)
    Math.random = random
    define('console', Object.fromEntries(['debug', 'info', 'log', 'warn', 'error'].map((level) => [level, (...args) => log(level, args)])))
    define('performance', { now: () => wall() / 1000 })
    define('process', { env: {}, nextTick: (run, ...args) => void Promise.resolve().then(() => run(...args)) })
    define('queueMicrotask', (run) => void Promise.resolve().then(run))
    define('setTimeout', (run, time, ...args) => timers.set(() => run(...args), Number(time) || 0))
    define('clearTimeout', (timer) => timers.clear(timer))
    for (const name of ['setInterval', 'setImmediate', 'fetch', 'XMLHttpRequest', 'WebSocket', 'WeakRef', 'FinalizationRegistry'])
      define(name, function () { throw escape(name) })
    for (const [name, value] of Object.entries(given)) define(name, value)
    return {
      promises: Promise.prototype,
      deferred() {
        let resolve
        const promise = new Promise((settle) => { resolve = settle })
        return { promise, resolve }
      },
      follow: (promise, then, failed) =>
        void Promise.resolve(promise).then((value) => then(value), (reason) => failed(reason)),
    }
  })`,
  { filename: 'kscn:sandbox' },
)
const enter = new Script('kscnEnter()', { filename: 'kscn:enter' })

type Made = Pick<Sandbox, 'deferred' | 'follow'> & { readonly promises: object }

const printed = (args: unknown): string => {
  const one = (value: unknown): string => {
    if (typeof value === 'string') return value
    const { stack, message } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Error>
    if (typeof stack === 'string') return String(message)
    try {
      return JSON.stringify(value) ?? typeof value
    } catch {
      return typeof value
    }
  }
  return Array.from(args as readonly unknown[], one).join(' ')
}

export const createSandbox = ({ host, timers, escape }: SandboxOptions): Sandbox => {
  let code: () => unknown = () => undefined
  const context: Context = createContext(
    Object.defineProperty({}, 'kscnEnter', { value: () => code(), enumerable: false }),
    { microtaskMode: 'afterEvaluate' },
  )
  const made = (prepare.runInContext(context) as (options: object) => Made)({
    wall: () => host.wall(),
    random: () => host.choose('random', 2 ** 30) / 2 ** 30,
    log: (level: string, args: unknown) => host.log(level, printed(args)),
    timers,
    escape,
    given: { structuredClone, TextEncoder, TextDecoder, URL, URLSearchParams, atob, btoa },
  })
  hearLostRejections(made.promises, host.name)
  return {
    call<A>(run: () => A): A {
      const before = code
      code = run
      try {
        return enter.runInContext(context) as A
      } finally {
        code = before
      }
    },
    evaluate: (text, file) =>
      new Script(`(function(exports,require,module){${text}\n})`, { filename: file }).runInContext(context) as (
        ...args: readonly unknown[]
      ) => unknown,
    deferred: () => made.deferred(),
    follow: (promise, then, failed) => made.follow(promise, then, failed),
  }
}
