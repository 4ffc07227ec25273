import type { Resource } from '../../api/protocol/resource.ts'
import type { Noun } from '../plan/expression.ts'
import type { Env } from './env.ts'
import { resourceOf } from './fact.ts'

/** The kind that a noun is about, bindings included; undefined for a pseudo-kind, or where it is not known. */
export const resourceFor = (noun: Noun, env: Env): Resource | undefined => {
  const name = resourceOf(noun, env)
  return name === undefined ? undefined : env.kinds.byResourceName(name)
}
