import { builtinScheme } from '../../api/scheme/builtin-scheme.ts'
import { pseudoKinds } from './pseudo-kinds.ts'
import type { Noun } from '../syntax/ast.ts'

/** `po/web` is written `pod/web`, `deploy[app=web]` `deployments[app=web]`. Kinds of the scenario's own stay as they are. */
export const canonicalKind = (noun: Noun): string => {
  const { kind, form } = noun
  if (form === 'bare' || pseudoKinds.has(kind)) return kind
  const scheme = builtinScheme()
  const resource = scheme.byName(kind)
  if (resource === undefined || kind.includes('.')) return kind
  const full = form === 'ref' ? resource.singular : resource.plural
  return scheme.byName(full) === resource && !pseudoKinds.has(full) ? full : kind
}
