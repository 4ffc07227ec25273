import type {
  ProgramHost,
  ProgramRun,
  UserDefinition,
  UserProgram,
  UserPrograms,
} from '../../runtime/reconcile/user-program.ts'
import { userError } from '../../runtime/reconcile/user-program.ts'
import { compileModule } from './compile-module.ts'
import * as contract from './contract.ts'
import { driveAsync, type Conversation } from './drive-async.ts'
import { codeOf, guard } from './guard.ts'
import { createSandbox, type Sandbox } from './sandbox.ts'
import { placeIn, thrownBy } from './thrown.ts'

type Exports = Readonly<Record<string, unknown>>
type Code = Generator<unknown, unknown, unknown>

const noTimers = 'timers work only while a reconcile made with `fromAsync` is under way'

const escapeOf = (what: string): Error =>
  userError(`\`${what}\` does not exist in a run: what it would bring is not the same each time`, {
    kind: 'escape',
    place: undefined,
  })

/** What a module may require besides what was bundled with it. */
const requireOf = (name: string): unknown => {
  if (name === 'kscn/controller') return contract
  throw userError(`a controller under test has no \`${name}\`: it knows the world through \`io\` alone`, {
    kind: 'escape',
    place: undefined,
  })
}

/** The exports of a module that have a name: perhaps controllers. */
const named = (exports: Exports): readonly (Exports & { readonly name: string })[] =>
  Object.values(exports).filter(
    (one): one is Exports & { readonly name: string } =>
      typeof one === 'object' && one !== null && typeof (one as { name?: unknown }).name === 'string',
  )

/** One evaluation of a module: the memory of one process. */
const startModule = (file: string, host: ProgramHost): ProgramRun => {
  const compiled = compileModule(file)
  let speaker: Conversation | undefined
  const thrown = (error: unknown): Error => thrownBy(error, file, compiled)
  const sandbox: Sandbox = createSandbox({
    host,
    escape: escapeOf,
    timers: {
      set(run, milliseconds) {
        if (speaker === undefined) throw userError(noTimers, { kind: 'escape', place: undefined })
        return speaker.timer(run, milliseconds)
      },
      clear: (timer) => speaker?.clear(timer),
    },
  })
  const inside = <A>(code: () => A): A => {
    try {
      return codeOf(host.name, () => sandbox.call(code))
    } catch (error) {
      throw thrown(error)
    }
  }
  const module = { exports: {} as Exports }
  inside(() => {
    sandbox.evaluate(compiled.code, file)(module.exports, requireOf, module)
  })

  /** A generator of the author's, each step of which runs inside. */
  function* stepping(make: () => Code): Code {
    const code = inside(make)
    if (typeof (code as Partial<Code> | undefined)?.next !== 'function')
      throw userError('`reconcile` returned no generator: write `*reconcile(key, io) { … }`, or use `fromAsync`', {
        kind: 'misuse',
        place: undefined,
      })
    let step = inside(() => code.next())
    while (step.done !== true) {
      const answer: unknown = yield step.value
      step = inside(() => code.next(answer))
    }
    return step.value
  }

  const definitionOf = (one: Exports & { readonly name: string }): UserDefinition => {
    const { asynchronous, reconcile, when, watches } = one
    const adapted = (asynchronous as { readonly reconcile?: unknown } | undefined)?.reconcile
    const reconciling: UserDefinition['reconcile'] =
      typeof adapted === 'function'
        ? (key, io) =>
            driveAsync({
              io,
              sandbox,
              speaks: (conversation) => (speaker = conversation),
              inside: (code) => codeOf(host.name, () => sandbox.call(code)),
              begin: (client) => (adapted as (key: string, client: unknown) => unknown).call(asynchronous, key, client),
              placeOf: (error) => {
                const place = placeIn(error.stack ?? '', file, compiled)
                return place === undefined ? 'in a package' : `in ${place}`
              },
              thrown,
            })
        : typeof reconcile === 'function'
          ? (key, io) => stepping(() => (reconcile as (key: string, io: unknown) => Code).call(one, key, io))
          : undefined
    return {
      ...(one as unknown as UserDefinition),
      reconcile: reconciling,
      queues: (event) => inside(() => (when as (event: unknown) => unknown)(event)) !== false,
      keysOf: (kind, object, read) =>
        inside(() => (watches as Readonly<Record<string, (...args: unknown[]) => unknown>>)[kind]!(object, read)),
    }
  }
  return { definitions: named(module.exports).map(definitionOf) }
}

/** Longer than any stretch of a run that comes back takes, on any machine. */
const patience = 20_000

/** Controllers under test, from modules of the project (language reference 3.20). */
export const createUserPrograms = (milliseconds: number = patience): UserPrograms => ({
  load(file): UserProgram {
    compileModule(file)
    return { start: (host) => startModule(file, host) }
  },
  guard: (run) => guard(run, milliseconds),
})
