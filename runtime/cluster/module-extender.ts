import type { ExtenderCall, ExtenderReply, ExtenderVerb } from '../scheduler/extenders/extender-host.ts'

/** An extender that the user wrote. undefined: it has no say in what is asked. */
export interface ModuleExtender {
  answer(call: ExtenderCall): ExtenderReply | undefined
}

interface Exported {
  readonly path: string
  /** Its default export. */
  readonly made: unknown
}

type Verbs = Readonly<Partial<Record<ExtenderVerb, unknown>>>

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const failure: ExtenderReply = { kind: 'response', code: 500, body: undefined }

/** Made anew for each run: what it remembers is of that run. */
const verbsOf = ({ path, made }: Exported, complain: (message: string) => void): Verbs => {
  try {
    const verbs: unknown = typeof made === 'function' ? (made as () => unknown)() : undefined
    if (typeof verbs === 'object' && verbs !== null) return verbs
    complain(
      `extender ${path}: its default export is no function that makes an object with filter, prioritize, preempt or bind`,
    )
  } catch (error) {
    complain(`extender ${path}: threw ${messageOf(error)}`)
  }
  return {}
}

/**
 * Functions by verb, of what the scheduler posts: they answer at once with what an HTTP server would send as JSON. What one
 * throws is a status of 500, and told by its name.
 */
export const createModuleExtender = (
  name: string,
  exported: Exported,
  complain: (message: string) => void,
): ModuleExtender => {
  const verbs = verbsOf(exported, complain)
  return {
    answer(call) {
      const { verb } = call
      const own = verbs[verb]
      if (own === undefined) return undefined
      if (typeof own !== 'function') {
        complain(`${name}: ${verb} is no function`)
        return failure
      }
      try {
        const value: unknown = (own as (body: unknown) => unknown).call(verbs, call.body)
        if (typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function') {
          complain(`${name}: ${verb} answers with a promise; an extender answers at once, and \`latency\` is its delay`)
          return failure
        }
        const text = JSON.stringify(value) as string | undefined
        if (text === undefined) complain(`${name}: ${verb} answered nothing`)
        return { kind: 'response', code: 200, body: text === undefined ? undefined : (JSON.parse(text) as unknown) }
      } catch (error) {
        complain(`${name}: ${verb} threw ${messageOf(error)}`)
        return failure
      }
    },
  }
}
