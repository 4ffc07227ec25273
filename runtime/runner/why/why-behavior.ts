import type { BehaviorSpec } from '../../../dsl/plan/behavior-spec.ts'
import { globRegex } from '../../expect/render.ts'
import { durationText } from '../../expect/text-of.ts'
import type { WhyLine } from '../../record/finding.ts'
import type { WhyWorld } from './why-world.ts'

const targetText = ({ target }: BehaviorSpec): string =>
  target.kind === 'image' ? `behavior image "${target.glob}"` : `behavior pod/${target.pod}`

/** What a behavior says that explains a container's state; undefined if it says nothing of it. */
const saying = (behavior: BehaviorSpec, reason: string): string | undefined => {
  if (/ImagePull|ErrImage/.test(reason)) {
    return behavior.pull?.kind === 'fails'
      ? `pull fails${behavior.pull.times === undefined ? '' : ` times ${behavior.pull.times}`}`
      : undefined
  }
  if (/CrashLoop|Error|OOMKilled|Completed/.test(reason)) {
    const run = behavior.runs[0]
    return run === undefined
      ? undefined
      : `${run.reason === 'exit' ? `exit ${run.exitCode}` : run.reason} after ${durationText(run.after.base)}`
  }
  if (reason === 'unready') {
    if (behavior.ready === undefined) return undefined
    return behavior.ready.after === undefined ? 'never ready' : `ready after ${durationText(behavior.ready.after.base)}`
  }
  return undefined
}

/** The line of the scenario that made a container behave so: the last behavior whose target fits and that speaks of it. */
export const whyBehavior = (image: string, pod: string, reason: string, run: WhyWorld): readonly WhyLine[] => {
  const fits = (behavior: BehaviorSpec): boolean =>
    behavior.target.kind === 'image'
      ? globRegex(behavior.target.glob).test(image)
      : globRegex(behavior.target.pod).test(pod)
  const behavior = run.behaviors.findLast((one) => fits(one) && saying(one, reason) !== undefined)
  if (behavior === undefined) return []
  return [{ what: targetText(behavior), detail: saying(behavior, reason)!, entry: undefined, span: behavior.span }]
}
