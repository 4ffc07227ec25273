import { invalid, type Cause } from './cause.ts'

/** validatePathNoBacksteps */
export const noBacksteps = (target: string, path: string): Cause[] =>
  target.split('/').includes('..') ? [invalid(path, target, "must not contain '..'")] : []

/** validateLocalDescendingPath */
export const localDescending = (target: string, path: string): Cause[] => [
  ...(target.startsWith('/') ? [invalid(path, target, 'must be a relative path')] : []),
  ...noBacksteps(target, path),
]

/** ValidateLocalNonReservedPath */
export const localNonReserved = (target: string, path: string): Cause[] => [
  ...localDescending(target, path),
  ...(target.startsWith('..') && !target.startsWith('../') ? [invalid(path, target, "must not start with '..'")] : []),
]
