import { nearest } from '../diagnostics/did-you-mean.ts'
import type { Template } from '../plan/document.ts'
import type { ScenarioPlan } from '../plan/plan.ts'
import { partOf } from './part-of.ts'
import type { Check } from './check.ts'
import { eachOperation, fieldsOf, itemsOf, nounsOf, plainEqualities } from './walk-plan.ts'

/** K141: a selector that reaches nothing, since its value is nearly one that the manifests have: `pods[app=wbe]`. */
export const unknownLabel: Check = {
  name: 'unknown-label',
  codes: ['K141'],
  always: false,
  scenario({ plans, module }, reporter) {
    for (const plan of plans) {
      const labels = labelsOf(plan)
      eachOperation(plan.body, (operation) => {
        for (const noun of nounsOf(operation)) {
          if (noun.resource === 'nodes' || noun.resource === 'events' || noun.resource === 'audit') continue
          for (const [key, value] of plainEqualities(noun)) {
            const values = labels.get(key)
            if (values === undefined || values === 'any' || values.has(value)) continue
            const best = nearest(value, values)
            if (best === undefined) continue
            const span = partOf(noun, value, module)
            reporter.report('K141', span, `no manifest of this scenario has the label ${key}=${value}`, {
              severity: 'warning',
              help: `did you mean \`${best}\`?`,
              fix: span === noun.span ? undefined : { span, text: best },
            })
          }
        }
      })
    }
  },
}

type Values = Set<string> | 'any'

/** Label → the values that manifests and steps give it; 'any': one of them is only known during the run. */
const labelsOf = (plan: ScenarioPlan): ReadonlyMap<string, Values> => {
  const labels = new Map<string, Values>()
  const add = (key: string, value: Template | undefined): void => {
    const before = labels.get(key)
    if (typeof value !== 'string') labels.set(key, 'any')
    else if (before === undefined) labels.set(key, new Set([value]))
    else if (before !== 'any') before.add(value)
  }
  const go = (value: Template): void => {
    for (const one of itemsOf(value)) go(one)
    for (const [key, one] of Object.entries(fieldsOf(value))) {
      if (key === 'labels' || key === 'matchLabels')
        for (const [name, label] of Object.entries(fieldsOf(one))) add(name, label)
      else go(one)
    }
  }
  eachOperation(plan.body, (operation) => {
    if (operation.kind !== 'step') return
    const { step } = operation
    if ('documents' in step) for (const one of step.documents) go(one.value)
    if (step.verb === 'patch') go(step.patch.value)
    if (step.verb === 'label')
      for (const { key, value } of step.set)
        add(key, value?.kind === 'literal' && value.value.type === 'string' ? value.value.value : undefined)
  })
  return labels
}
