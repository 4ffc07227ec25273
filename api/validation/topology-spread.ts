import { matchLabelKeysCauses } from './affinity.ts'
import { positive } from './field-causes.ts'
import { duplicate, invalid, notSupported, required, type Cause } from './cause.ts'
import { labelSelectorCauses } from './label-selector.ts'
import { child, number, optionalNumber, optionalText, text, type View } from './view.ts'

const policyCauses = (constraint: View, key: string, path: string): Cause[] => {
  const policy = optionalText(constraint, key)
  return policy === undefined || policy === 'Honor' || policy === 'Ignore'
    ? []
    : [notSupported(`${path}.${key}`, policy, ['Honor', 'Ignore'])]
}

/** validateTopologySpreadConstraints */
export const topologySpreadCauses = (constraints: readonly View[], path: string): Cause[] =>
  constraints.flatMap((constraint, i) => {
    const at = `${path}[${i}]`
    const causes = positive(number(constraint, 'maxSkew'), `${at}.maxSkew`)
    const key = text(constraint, 'topologyKey')
    const action = text(constraint, 'whenUnsatisfiable')
    if (key === '') causes.push(required(`${at}.topologyKey`, 'can not be empty'))
    if (action !== 'DoNotSchedule' && action !== 'ScheduleAnyway') {
      causes.push(notSupported(`${at}.whenUnsatisfiable`, action, ['DoNotSchedule', 'ScheduleAnyway']))
    }
    const again = constraints
      .slice(i + 1)
      .some((other) => text(other, 'topologyKey') === key && text(other, 'whenUnsatisfiable') === action)
    if (again) causes.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${key}, ${action}}`))
    const minDomains = optionalNumber(constraint, 'minDomains')
    if (minDomains !== undefined) {
      causes.push(...positive(minDomains, `${at}.minDomains`))
      if (action !== 'DoNotSchedule') {
        causes.push(
          invalid(
            `${at}.minDomains`,
            minDomains,
            `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`,
          ),
        )
      }
    }
    causes.push(
      ...policyCauses(constraint, 'nodeAffinityPolicy', at),
      ...policyCauses(constraint, 'nodeTaintsPolicy', at),
    )
    causes.push(...matchLabelKeysCauses(constraint, at))
    causes.push(...labelSelectorCauses(child(constraint, 'labelSelector'), `${at}.labelSelector`))
    return causes
  })
