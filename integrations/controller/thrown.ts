import { faultOf, userError } from '../../runtime/reconcile/user-program.ts'
import type { CompiledModule } from './compile-module.ts'

/** Errors that JavaScript itself throws: no code means to. */
const ownErrors = /^(?:TypeError|ReferenceError|RangeError|SyntaxError|URIError|EvalError)$/

/** Where in the author's file it was thrown: the first frame that lies there. */
export const placeIn = (stack: string, file: string, module: CompiledModule): string | undefined => {
  for (const line of stack.split('\n')) {
    const at = line.lastIndexOf(`${file}:`)
    if (at < 0) continue
    const found = /^(\d+):(\d+)/.exec(line.slice(at + file.length + 1))
    if (found === null) continue
    const place = module.place(Number(found[1]), Number(found[2]))
    if (place !== undefined) return place
  }
  return undefined
}

/** What the user's code threw, as an error of this world that carries its place. */
export const thrownBy = (thrown: unknown, file: string, module: CompiledModule): Error => {
  const known = faultOf(thrown)
  const { name, message, stack } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Partial<Error>
  const place = known?.place ?? (typeof stack === 'string' ? placeIn(stack, file, module) : undefined)
  if (known !== undefined) return userError((thrown as Error).message, { ...known, place })
  if (typeof message !== 'string') return userError(String(thrown), { kind: 'failure', place })
  const own = typeof name === 'string' && ownErrors.test(name)
  const text = name === undefined || name === 'Error' ? message : `${name}: ${message}`
  return userError(text, { kind: own ? 'bug' : 'failure', place })
}
