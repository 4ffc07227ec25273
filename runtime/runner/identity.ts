import type { Credentials } from '../../api/protocol/request.ts'
import type { Noun } from '../../dsl/plan/expression.ts'
import { textOf } from '../expect/text-of.ts'
import { renderParts } from '../expect/render.ts'
import { presentMoment } from './time-clauses.ts'
import type { ScriptContext } from './track.ts'

/** Whom a step acts as: the cluster admin, a declared user, or a service account. */
export const credentialsOf = (as: Noun | undefined, context: ScriptContext): Credentials => {
  if (as === undefined) return context.run.cluster.admin
  const moment = presentMoment(context)
  const name = as.name === undefined ? as.text : renderParts(as.name.parts, moment)
  if (as.resource === 'serviceaccounts' || as.resource === 'serviceaccount') {
    return { kind: 'serviceaccount', namespace: as.namespace ?? context.scope.namespace, name }
  }
  const bound = as.resource === '' ? context.scope.bindings.get(name) : undefined
  const user = bound === undefined ? name : textOf(bound)
  return { kind: 'certificate', commonName: user, organizations: context.run.users.get(user) ?? [] }
}
