import { isLabelKey, isLabelValue } from '../names/label-names.ts'
import { forbidden, invalid, invalids, required, type Cause } from './cause.ts'
import { labelCauses } from './object-meta.ts'
import { list, map, strings, text, type View } from './view.ts'

const requirementCauses = (requirement: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const operator = text(requirement, 'operator')
  const values = strings(requirement, 'values')
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0)
        causes.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
      break
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) {
        causes.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
      }
      break
    default:
      causes.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'))
  }
  causes.push(...labelNameCauses(text(requirement, 'key'), `${path}.key`))
  values.forEach((value, i) => causes.push(...invalids(`${path}.values[${i}]`, value, isLabelValue(value))))
  return causes
}

/** unversionedvalidation.ValidateLabelName */
export const labelNameCauses = (name: string, path: string): Cause[] => invalids(path, name, isLabelKey(name))

/** unversionedvalidation.ValidateLabelSelector; a nil selector is fine. */
export const labelSelectorCauses = (selector: View | undefined, path: string): Cause[] => {
  if (selector === undefined) return []
  const causes = labelCauses(map(selector, 'matchLabels'), `${path}.matchLabels`)
  list(selector, 'matchExpressions').forEach((one, i) =>
    causes.push(...requirementCauses(one, `${path}.matchExpressions[${i}]`)),
  )
  return causes
}
