import type { Scope } from '../expect/moment.ts'
import type { Value } from '../expect/value.ts'
import type { MonitorHandle } from './monitors.ts'

/** A `{ }` of the script under way: what it binds, its default namespace, and the monitors that end with it. */
export interface ScriptScope extends Scope {
  namespace: string
  readonly bindings: Map<string, Value>
  readonly monitors: MonitorHandle[]
}

export const rootScope = (marks: ReadonlyMap<string, number>): ScriptScope => ({
  namespace: 'default',
  bindings: new Map(),
  marks,
  monitors: [],
})

/** An inner scope: it sees what is outside, and nothing it declares gets out. `only` hides all outer bindings. */
export const innerScope = (outer: ScriptScope, only?: ReadonlyMap<string, Value>): ScriptScope => ({
  namespace: outer.namespace,
  bindings: new Map(only ?? outer.bindings),
  marks: outer.marks,
  monitors: [],
})
