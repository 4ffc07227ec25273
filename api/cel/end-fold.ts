import type { Fold } from './ast.ts'
import { compare } from './equal.ts'
import { dictOf, listOf, type Failure, type Value } from './values.ts'

/** What a comprehension has gathered so far. */
export interface FoldState {
  readonly macro: Fold['macro']
  failure: Failure | undefined
  count: number
  readonly values: Value[]
  readonly keys: Value[]
  readonly entries: (readonly [Value, Value])[]
}

/** What a comprehension comes to once its range is through. */
export const endFold = (state: FoldState, macro: Fold['macro']): Value => {
  switch (macro) {
    case 'all':
      return state.failure ?? true
    case 'exists':
      return state.failure ?? false
    case 'existsOne':
      return state.count === 1
    case 'transformMap':
    case 'transformMapEntry':
      return dictOf(state.entries)
    case 'sortBy': {
      const order = state.values.map((_, index) => index)
      order.sort((a, b) => compare(state.keys[a]!, state.keys[b]!) ?? 0)
      return listOf(order.map((index) => state.values[index]!))
    }
    default:
      return listOf(state.values)
  }
}
