import type { Fuzzer, Problem } from './fuzzer.ts'

const once = (fuzzer: Fuzzer, input: string): Problem | undefined => {
  try {
    return fuzzer.check(input)
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { kind: 'crash', detail: stack.split('\n').slice(0, 8).join('\n') }
  }
}

const builtIns: readonly (readonly [name: string, object: object])[] = [
  ['Object.prototype', Object.prototype],
  ['Array.prototype', Array.prototype],
  ['Function.prototype', Function.prototype],
  ['String.prototype', String.prototype],
  ['Number.prototype', Number.prototype],
  ['Map.prototype', Map.prototype],
  ['Set.prototype', Set.prototype],
  ['Object', Object],
]
const clean = builtIns.map(([, object]) => new Set(Reflect.ownKeys(object)))

const pollution = (): Problem | undefined => {
  let found: Problem | undefined
  for (const [index, [name, object]] of builtIns.entries()) {
    const keys = Reflect.ownKeys(object)
    if (keys.length === clean[index]!.size) continue
    const added = keys.filter((key) => !clean[index]!.has(key))
    for (const key of added) Reflect.deleteProperty(object, key)
    found ??= { kind: 'pollution', detail: `${name} got ${added.map(String).join(', ')}` }
  }
  return found
}

/**
 * What a fuzzer says of an input, and what every input must leave alone: time and the prototypes. One may take `budgetMs`, in the
 * best of three tries: others share the machine.
 */
export const judge = (fuzzer: Fuzzer, input: string, budgetMs = 1000): Problem | undefined => {
  let best = Infinity
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const started = performance.now()
    const problem = once(fuzzer, input)
    const took = performance.now() - started
    const polluted = pollution()
    if (problem !== undefined || polluted !== undefined) return problem ?? polluted
    best = Math.min(best, took)
    if (best <= budgetMs) return undefined
  }
  return { kind: 'slow', detail: `${Math.round(best)} ms for ${input.length} characters` }
}
