import { judgeStateWord } from '../../api/state-words/judge-state-word.ts'
import { stateCauses } from '../../api/state-words/state-causes.ts'
import type { Claim } from '../../dsl/plan/expression.ts'
import { EvaluationError } from './evaluation-error.ts'
import type { Moment } from './moment.ts'
import { renderParts, textMatches } from './render.ts'
import { isLeader, presentObject } from './resolve-noun.ts'
import type { Subject } from './subject.ts'

type StateClaim = Extract<Claim, { kind: 'state' }>

/** Whether a component's process runs; one that never said anything has run since the boot. */
export const isUp = (name: string, moment: Moment): boolean => {
  moment.reads.add('components/')
  const truth = moment.state.truth(`components/${name}`) as { readonly up?: boolean } | undefined
  return truth?.up !== false
}

const componentIs = (word: string, name: string, moment: Moment): boolean => {
  switch (word) {
    case 'Up':
      return isUp(name, moment)
    case 'Down':
      return !isUp(name, moment)
    case 'Leader':
      return isUp(name, moment) && isLeader(name, moment)
    case 'Healthy': {
      const truth = moment.state.truth(`components/${name}`) as { readonly healthy?: boolean } | undefined
      return isUp(name, moment) && truth?.healthy !== false
    }
    default:
      throw new EvaluationError(`a component is never \`${word}\``)
  }
}

/** Lists that state words look at are read like any other. */
const surroundings = (moment: Moment): { list: Moment['state']['list'] } => ({
  list(resource, namespace) {
    moment.reads.add(resource)
    return moment.state.list(resource, namespace)
  },
})

/** Whether a word holds of one thing; of what is gone none does. */
export const wordHolds = (word: string, subject: Subject, moment: Moment): boolean => {
  switch (subject.kind) {
    case 'object': {
      const object = presentObject(subject, moment)
      return object !== undefined && judgeStateWord(subject.resource, word, object, surroundings(moment))
    }
    case 'container':
      return subject.truth.state === word
    case 'named':
      return componentIs(word, subject.name, moment)
    case 'entry':
      throw new EvaluationError('an entry of the timeline has no state')
  }
}

/** `is W`, `is not W`, `is W because T`, `is not W because T` of one thing. */
export const stateHolds = (claim: StateClaim, subject: Subject, moment: Moment): boolean => {
  const word = renderParts(claim.word.parts, moment)
  if (wordHolds(word, subject, moment) === claim.negated) return false
  const { because } = claim
  if (because === undefined) return true
  if (subject.kind === 'container') {
    return subject.truth.reason !== undefined && textMatches(because, subject.truth.reason, '', moment)
  }
  if (subject.kind !== 'object') return false
  const object = presentObject(subject, moment)
  if (object === undefined) return false
  return stateCauses(subject.resource, word, object, claim.negated).some((cause) =>
    textMatches(because, cause.reason, cause.message, moment),
  )
}
