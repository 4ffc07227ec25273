import type { ValueInfo } from './value-info.ts'
import { listOf } from './value-info.ts'

/** What a function of 3.14 takes. `word` is a bare word that stands for itself. */
export type Parameter = 'list' | 'noun' | 'number' | 'word' | 'text' | 'value'

export interface Signature {
  readonly parameters: readonly Parameter[]
  /** So many of the last ones may be left out. */
  readonly optional?: number
  readonly result: ValueInfo | 'first-argument' | 'item'
  /** Whether `since MARK` may stand behind the arguments. */
  readonly since?: boolean
}

const signature = (parameters: readonly Parameter[], result: Signature['result'], since = false): Signature => ({
  parameters,
  result,
  since,
})

export const functions: ReadonlyMap<string, Signature> = new Map([
  ['count', signature(['list'], { type: 'int' }, true)],
  ['sum', signature(['list'], 'item')],
  ['min', signature(['list'], 'item')],
  ['max', signature(['list'], 'item')],
  ['first', signature(['list'], 'item')],
  ['abs', signature(['number'], 'first-argument')],
  ['ceil', signature(['number'], { type: 'int' })],
  ['floor', signature(['number'], { type: 'int' })],
  ['age', signature(['noun'], { type: 'duration' })],
  ['now', signature([], { type: 'duration' })],
  ['skew', signature(['list', 'word'], { type: 'int' })],
  ['attempts', signature(['noun'], { type: 'int' }, true)],
  ['requested', signature(['noun', 'word'], { type: 'quantity' })],
  ['allocatable', signature(['noun', 'word'], { type: 'quantity' })],
  ['usage', signature(['noun', 'word'], { type: 'quantity' })],
  ['owner', signature(['noun'], { type: 'object' })],
  ['pods-of', signature(['noun'], listOf({ type: 'object', resource: 'pods' }))],
  ['gaps', signature(['list'], listOf({ type: 'duration' }))],
  ['errors', { ...signature(['noun', 'noun'], { type: 'int' }, true), optional: 1 }],
  ['requests', { ...signature(['noun', 'noun'], { type: 'int' }, true), optional: 1 }],
  ['backends', signature(['noun'], listOf({ type: 'string' }), true)],
  ['sources', signature(['noun'], listOf({ type: 'string' }), true)],
  ['lookup', signature(['noun', 'text'], { type: 'string' })],
  ['resolve', signature(['noun', 'text'], listOf({ type: 'string' }))],
  ['queries', signature(['noun', 'text'], listOf({ type: 'string' }))],
  ['logs', { ...signature(['noun', 'word', 'word'], { type: 'string' }), optional: 2 }],
  ['quantity', signature(['text'], { type: 'quantity' })],
  ['duration', signature(['text'], { type: 'duration' })],
  ['revision', signature([], { type: 'int' })],
])
