import type { Expression, Noun } from '../plan/expression.ts'
import type { Block, Operation } from '../plan/operation.ts'
import type { Template } from '../plan/document.ts'

/** Every operation of a block and of the blocks in it, in the order of the text. */
export const eachOperation = (block: Block, visit: (operation: Operation) => void): void => {
  for (const one of block.operations) {
    visit(one)
    if ('body' in one) eachOperation(one.body, visit)
    if (one.kind === 'expect' && one.expectation.claim.kind === 'changes' && one.expectation.claim.if !== undefined)
      eachOperation(one.expectation.claim.if, visit)
  }
}

/** Every noun that an operation names itself: not those of its body, nor of what its manifests hold. */
export const nounsOf = (operation: Operation): readonly Noun[] => {
  const known = remembered.get(operation)
  if (known !== undefined) return known
  const found: Noun[] = []
  const go = (value: unknown, key: string): void => {
    if (typeof value !== 'object' || value === null || aside.has(key)) return
    if (Array.isArray(value)) {
      for (const one of value) go(one, key)
      return
    }
    if ('resource' in value && 'plural' in value && 'text' in value) found.push(value as Noun)
    for (const [name, one] of Object.entries(value)) go(one, name)
  }
  go(operation, '')
  remembered.set(operation, found)
  return found
}
const remembered = new WeakMap<Operation, readonly Noun[]>()
const aside: ReadonlySet<string> = new Set(['body', 'documents', 'patch', 'pattern', 'behavior', 'span'])

/** A noun's name if nothing of it is left to the run, and it is no glob. */
export const plainName = (noun: Noun): string | undefined => {
  const [part, ...more] = noun.name?.kind === 'exact' ? noun.name.parts : []
  return typeof part === 'string' && more.length === 0 ? part : undefined
}

/** `key=value` requirements of a selector that are plain text. */
export const plainEqualities = (noun: Noun): readonly (readonly [key: string, value: string])[] => {
  const parts: readonly (string | Expression)[] = noun.selector ?? []
  const [text, ...more] = parts
  if (typeof text !== 'string' || more.length > 0) return []
  return text
    .replace(/\([^)]*\)/g, '')
    .split(',')
    .flatMap((one): (readonly [string, string])[] => {
      const found = /^\s*([^\s=!,]+)\s*==?\s*([^\s=!,]+)\s*$/.exec(one)
      return found === null ? [] : [[found[1] ?? '', found[2] ?? '']]
    })
}

/** A document's map, as far as it is one. */
export const fieldsOf = (value: Template | undefined): Readonly<Record<string, Template>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Template>>)
    : {}
export const itemsOf = (value: Template | undefined): readonly Template[] =>
  Array.isArray(value) ? (value as readonly Template[]) : []
