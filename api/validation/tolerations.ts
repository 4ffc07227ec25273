import { isLabelValue } from '../names/label-names.ts'
import { invalid, notSupported, required, type Cause } from './cause.ts'
import { labelNameCauses } from './label-selector.ts'
import { text, type View } from './view.ts'

export const taintEffects: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** validateTaintEffect */
export const taintEffectCauses = (effect: string, path: string, allowEmpty: boolean): Cause[] => {
  if (!allowEmpty && effect === '') return [required(path)]
  return taintEffects.includes(effect) ? [] : [notSupported(path, effect, taintEffects)]
}

/** ValidateTolerations */
export const tolerationCauses = (tolerations: readonly View[], path: string): Cause[] =>
  tolerations.flatMap((toleration, i) => {
    const at = `${path}[${i}]`
    const causes: Cause[] = []
    const key = text(toleration, 'key')
    const operator = text(toleration, 'operator')
    const effect = text(toleration, 'effect')
    const value = text(toleration, 'value')
    if (key !== '') causes.push(...labelNameCauses(key, `${at}.key`))
    if (key === '' && operator !== 'Exists') {
      causes.push(
        invalid(
          `${at}.operator`,
          operator,
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      )
    }
    if (toleration['tolerationSeconds'] !== undefined && effect !== 'NoExecute') {
      causes.push(invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"))
    }
    switch (operator) {
      case 'Equal':
      case '': {
        const wrong = isLabelValue(value)
        if (wrong.length > 0) causes.push(invalid(`${at}.operator`, value, wrong.join(';')))
        break
      }
      case 'Exists':
        if (value !== '')
          causes.push(invalid(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'"))
        break
      case 'Lt':
      case 'Gt':
        // TaintTolerationComparisonOperators is alpha.
        causes.push(notSupported(`${at}.operator`, operator, ['Equal', 'Exists', 'Lt', 'Gt']))
        break
      default:
        causes.push(notSupported(`${at}.operator`, operator, ['Equal', 'Exists']))
    }
    if (effect !== '') causes.push(...taintEffectCauses(effect, `${at}.effect`, true))
    return causes
  })
