import { copyOf, putAll } from './copy-of.ts'

/**
 * `{ ...base, ...more }`, for what is made by the thousand of something that is not frozen: Node 20's V8 gives each such spread that is
 * added to, or frozen, a hidden class of its own, and whatever reads the result meets another kind of object every time.
 */
export const merged = <A extends object, B extends object>(base: A, more: B): Omit<A, keyof B> & B =>
  putAll(copyOf(base), more) as Omit<A, keyof B> & B
