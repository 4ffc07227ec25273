import { resourceName } from '../../../api/object-key.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import type { Noun } from '../../../dsl/plan/expression.ts'
import { EvaluationError } from '../../expect/evaluation-error.ts'
import { isPlural, nounNamespace, resolveNoun } from '../../expect/resolve-noun.ts'
import { renderParts } from '../../expect/render.ts'
import type { ObjectSubject } from '../../expect/subject.ts'
import { presentMoment } from '../time-clauses.ts'
import type { ScriptContext } from '../track.ts'
import type { Target } from './step-io.ts'

const resourceOf = (name: string, context: ScriptContext): Resource => {
  const resource = context.run.cluster.scheme().byName(name)
  if (resource === undefined) throw new EvaluationError(`the server has no resource \`${name}\``)
  return resource
}

const targetOf = (subject: ObjectSubject, context: ScriptContext): Target => ({
  resource: resourceOf(subject.resource, context),
  namespace: subject.namespace,
  name: subject.name,
})

/**
 * What a step acts on: all that a plural or a glob matches, in order of name; the one that a name names, whether it exists or
 * not (the server will say); for `any`, one of them by chance.
 */
export const targetsOf = (noun: Noun, any: boolean, context: ScriptContext): readonly Target[] => {
  const moment = presentMoment(context)
  if (noun.resource !== '' && !any && !isPlural(noun, moment) && noun.name?.kind === 'exact') {
    return [
      {
        resource: resourceOf(noun.resource, context),
        namespace: nounNamespace(noun, moment),
        name: renderParts(noun.name.parts, moment),
      },
    ]
  }
  const found = resolveNoun(noun, moment).filter((subject) => subject.kind === 'object')
  const targets = found.map((subject) => targetOf(subject, context))
  if (!any || targets.length === 0) return targets
  return [targets[context.run.cluster.kernel.choose('script/any', targets.length)]!]
}

/** `deployment.apps/web`, `pod/web-0`: how kubectl names an object it has acted on. */
export const kubectlName = (target: Target): string => {
  const { group, singular } = target.resource
  return `${singular}${group === '' ? '' : `.${group}`}/${target.name}`
}

/** `deployments.apps "web"`: how kubectl and the API server name an object in a complaint. */
export const quotedName = (target: Target): string => `${resourceName(target.resource)} "${target.name}"`
