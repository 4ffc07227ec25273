import type { Overload } from '../overloads.ts'
import { define } from '../overloads.ts'
import { addresses } from './addresses.ts'
import { authorization } from './authorization.ts'
import { lists, optionals, sets } from './collections.ts'
import { conversions } from './conversions.ts'
import { namedFormats } from './formats.ts'
import { operators } from './operators.ts'
import { quantities } from './quantities.ts'
import { semvers } from './semvers.ts'
import { strings } from './strings.ts'
import { times } from './times.ts'
import { urls } from './urls.ts'

const escapeKey = define('jsonpatch.escapeKey', 'string -> string', ([key]) =>
  (key as string).replaceAll('~', '~0').replaceAll('/', '~1'),
)

/** Every function of Kubernetes' environment (k8s.io/apiserver/pkg/cel/environment/base.go), those of an earlier line first. */
const all: readonly Overload[] = [
  ...operators,
  ...conversions,
  ...times,
  ...strings,
  ...lists,
  ...sets,
  ...optionals,
  ...quantities,
  ...addresses,
  ...urls,
  ...semvers,
  ...namedFormats,
  ...authorization,
  escapeKey,
]

const byName = new Map<string, Overload[]>()
for (const one of all) {
  const key = one.member ? `.${one.name}` : one.name
  const known = byName.get(key)
  if (known === undefined) byName.set(key, [one])
  else known.push(one)
}

/** Overloads of a function; of a member function with a dot before its name. */
export const overloadsOf = (name: string): readonly Overload[] => byName.get(name) ?? []
/** Whether a name stands for any function at all. */
export const isFunction = (name: string): boolean => byName.has(name) || byName.has(`.${name}`)
