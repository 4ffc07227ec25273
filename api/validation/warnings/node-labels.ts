import { isLabelValue } from '../../names/label-names.ts'
import { child, list, map, strings, text, type View } from '../view.ts'

/** pkg/api/node/util.go, deprecatedNodeLabels */
const deprecated = new Map([
  ['beta.kubernetes.io/arch', 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ['beta.kubernetes.io/os', 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  ['failure-domain.beta.kubernetes.io/region', 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  ['failure-domain.beta.kubernetes.io/zone', 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  ['beta.kubernetes.io/instance-type', 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
  ['app.kubernetes.io/created-by', 'deprecated since v1.9'],
  ['scheduler.alpha.kubernetes.io/preferAvoidPods', 'deprecated since v1.22; use Taints and Tolerations instead'],
  ['node-role.kubernetes.io/master', 'use "node-role.kubernetes.io/control-plane" instead'],
])

export const nodeLabelProblem = (key: string): string | undefined => deprecated.get(key)

/** A map of labels. Differs: upstream walks a Go map; here in the order of the keys. */
export const nodeSelectorWarnings = (
  selector: Readonly<Record<string, string>>,
  show: (key: string, problem: string) => string,
): readonly string[] => {
  const warnings: string[] = []
  for (const key of Object.keys(selector).sort()) {
    const problem = deprecated.get(key)
    if (problem !== undefined) warnings.push(show(key, problem))
  }
  return warnings
}

/** GetWarningsForNodeSelectorTerm */
export const nodeTermWarnings = (term: View | undefined, checksValues: boolean, path: string): readonly string[] => {
  const warnings: string[] = []
  for (const [i, expression] of list(term, 'matchExpressions').entries()) {
    const key = text(expression, 'key')
    const problem = deprecated.get(key)
    if (problem !== undefined) warnings.push(`${path}.matchExpressions[${i}].key: ${key} is ${problem}`)
    if (!checksValues) continue
    for (const [j, value] of strings(expression, 'values').entries()) {
      for (const complaint of isLabelValue(value)) {
        warnings.push(`${path}.matchExpressions[${i}].values[${j}]: ${value} is invalid, ${complaint}`)
      }
    }
  }
  return warnings
}

/** GetWarningsForNodeSelector, of a label selector. */
export const labelSelectorWarnings = (owner: View, field: string): readonly string[] => {
  const selector = child(owner, field)
  if (selector === undefined) return []
  return [
    ...nodeTermWarnings(selector, false, field),
    ...nodeSelectorWarnings(map(selector, 'matchLabels'), (key, problem) => `${field}.matchLabels.${key}: ${problem}`),
  ]
}
