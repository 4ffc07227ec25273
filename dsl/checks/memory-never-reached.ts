import type { BehaviorSpec } from '../plan/behavior-spec.ts'
import type { ScenarioPlan } from '../plan/plan.ts'
import type { Module } from '../names/module.ts'
import type { Span } from '../source/span.ts'
import { descend } from '../syntax/descend.ts'
import type * as ast from '../syntax/ast.ts'
import type { Check } from './check.ts'
import { eachOperation } from './walk-plan.ts'

/** K151: `oom at 256Mi` of a container whose memory never gets there, whatever the scenario does. */
export const memoryNeverReached: Check = {
  name: 'memory-never-reached',
  codes: ['K151'],
  always: false,
  scenario({ plans, module }, reporter) {
    const told = new Set<number>()
    for (const plan of plans) {
      if (loadsMemory(plan)) continue
      for (const behavior of behaviorsOf(plan)) {
        if (behavior.span.file !== module.source.path) continue
        behavior.runs.forEach(({ atMemory }) => {
          if (atMemory === undefined || peak(behavior) >= atMemory) return
          const span = lineAt(module, behavior)
          if (span === undefined || told.has(span.start)) return
          told.add(span.start)
          reporter.report('K151', span, 'its memory never gets there', {
            severity: 'warning',
            help:
              behavior.memory.length === 0
                ? 'say how it grows: memory 50Mi -> 300Mi over 5m, or put a load upon it: load deployment/web memory 2Gi'
                : 'the `memory` line of this behavior stays below it',
          })
        })
      }
    }
  },
}

const peak = ({ memory }: BehaviorSpec): number =>
  memory.reduce((most, segment) => Math.max(most, segment.from, segment.to), 0)

const behaviorsOf = (plan: ScenarioPlan): readonly BehaviorSpec[] => {
  const found = [...plan.behaviors]
  eachOperation(plan.body, (operation) => {
    if (operation.kind === 'behavior') found.push(operation.behavior)
  })
  return found
}

const loadsMemory = (plan: ScenarioPlan): boolean => {
  let found = false
  eachOperation(plan.body, (operation) => {
    if (operation.kind === 'external' || operation.kind === 'plan') found = true
    if (operation.kind === 'step' && operation.step.verb === 'load') found = true
  })
  return found
}

/** The first `oom at` of the behavior that is written there. */
const lineAt = (module: Module, behavior: BehaviorSpec): Span | undefined => {
  let span: Span | undefined
  for (const item of module.file?.items ?? [])
    descend(item, (node) => {
      if (node.type !== 'behavior' || (node as unknown as ast.Behavior).span.start !== behavior.span.start) return
      const line = (node as unknown as ast.Behavior).props.items.find(
        (one) => one.name.name === 'oom' && one.args[0]?.type === 'bare' && one.args[0].text === 'at',
      )
      span ??= line?.span
    })
  return span
}
