import { nearest } from '../diagnostics/did-you-mean.ts'
import type { Reporter } from '../diagnostics/report.ts'
import type { BehaviorSpec } from '../plan/behavior-spec.ts'
import type { Expression } from '../plan/expression.ts'
import type { ScenarioPlan } from '../plan/plan.ts'
import { descend } from '../syntax/descend.ts'
import type * as ast from '../syntax/ast.ts'
import type { Check } from './check.ts'
import { makesContainersElsewhere, manifestContainers, matchesImage } from './manifest-containers.ts'
import { eachOperation } from './walk-plan.ts'

/** K143: a behavior for an image that the scenario never runs. K144: a claim that waits for an end that no behavior brings. */
export const behaviorUse: Check = {
  name: 'behavior-use',
  codes: ['K143', 'K144'],
  always: false,
  scenario({ plans, scenario, module }, reporter) {
    const images = plans.flatMap((plan) => manifestContainers(plan).map((one) => one.image))
    const elsewhere = plans.some(makesContainersElsewhere)
    const own = new Map<number, ast.Behavior>()
    descend(scenario.body, (node) => {
      if (node.type === 'behavior')
        own.set((node as unknown as ast.Behavior).span.start, node as unknown as ast.Behavior)
    })
    if (!elsewhere && images.length > 0 && !images.includes(undefined))
      for (const plan of plans)
        for (const { target, span } of behaviorsOf(plan)) {
          const image = span.file === module.source.path ? own.get(span.start)?.image : undefined
          if (target.kind !== 'image' || image === undefined || image === null) continue
          if (images.some((one) => one !== undefined && matchesImage(target.glob, one))) continue
          const best = nearest(target.glob, new Set(images.filter((one) => one !== undefined)))
          reporter.report('K143', image.span, `no container of this scenario has an image like ${image.raw}`, {
            severity: 'warning',
            help: best === undefined ? 'so this behavior is never seen' : `did you mean "${best}"?`,
            fix: best === undefined ? undefined : { span: image.span, text: `"${best}"` },
          })
        }
    if (elsewhere) return
    for (const plan of plans) waits(plan, reporter)
  },
}

const behaviorsOf = (plan: ScenarioPlan): readonly BehaviorSpec[] => {
  const found = [...plan.behaviors]
  eachOperation(plan.body, (operation) => {
    if (operation.kind === 'behavior') found.push(operation.behavior)
  })
  return found
}

type Cause = 'end' | 'crash' | 'pull'

/** What must happen to a container before a word can hold; what keeps running for ever never gets there. */
const causes: Readonly<Record<string, Readonly<Record<string, Cause>>>> = {
  pods: { Completed: 'end', Succeeded: 'end', Error: 'crash', CrashLoopBackOff: 'crash', OOMKilled: 'crash', ErrImagePull: 'pull', ImagePullBackOff: 'pull' },
  'jobs.batch': { Complete: 'end' },
} // prettier-ignore

const waits = (plan: ScenarioPlan, reporter: Reporter): void => {
  const behaviors = behaviorsOf(plan)
  let faults = false
  eachOperation(plan.body, (operation) => {
    if (operation.kind === 'inject') faults = true
  })
  if (faults || manifestContainers(plan).length === 0) return
  const brings: Readonly<Record<Cause, boolean>> = {
    // Usage above a limit and failing probes end a run too.
    end: behaviors.some((one) => one.runs.length > 0),
    crash: behaviors.some(
      (one) => one.runs.length > 0 || one.memory.length > 0 || one.live !== undefined || one.started !== undefined,
    ),
    pull: behaviors.some((one) => one.pull?.kind === 'fails') || (plan.cluster.registries?.length ?? 0) > 0,
  }
  const how: Readonly<Record<Cause, string>> = {
    end: 'behavior image "…" { exit 0 after 10s }',
    crash: 'behavior image "…" { crash after 10s }',
    pull: 'behavior image "…" { pull fails }',
  }
  eachOperation(plan.body, (operation) => {
    if (operation.kind !== 'expect' || operation.expectation.within === undefined) return
    const { claim } = operation.expectation
    const claims = claim.kind === 'predicate' ? [claim.predicate] : claim.kind === 'sequence' ? claim.predicates : []
    for (const one of claims.flatMap(wanted)) {
      const words = Object.hasOwn(causes, one.resource) ? causes[one.resource] : undefined
      const cause = words !== undefined && Object.hasOwn(words, one.word) ? words[one.word] : undefined
      if (cause === undefined || brings[cause]) continue
      reporter.report(
        'K144',
        one.span,
        `nothing in this scenario makes a ${one.resource === 'pods' ? 'pod' : 'job'} \`${one.word}\``,
        {
          severity: 'warning',
          help: `a container runs for ever unless a behavior ends it: ${how[cause]}`,
        },
      )
    }
  })
}

interface Wanted {
  readonly resource: string
  readonly word: string
  readonly span: Expression['span']
}

/** Words that a claim wants to hold of something. */
const wanted = (claim: Expression): readonly Wanted[] => {
  if (claim.kind === 'and') return claim.operands.flatMap(wanted)
  if (claim.kind !== 'fact' || claim.claim.kind !== 'state' || claim.claim.negated) return []
  if (claim.count?.kind === 'no' || claim.count?.kind === 'at most') return []
  const [word, ...more] = claim.claim.word.parts
  return typeof word === 'string' && more.length === 0
    ? [{ resource: claim.subject.resource, word, span: claim.span }]
    : []
}
