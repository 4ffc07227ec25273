import { admissionScope } from '../cel/admission-scope.ts'
import { compileExpression } from '../cel/expression.ts'
import { boolType } from '../cel/types.ts'
import { duplicate, invalid, required, tooMany, type Cause } from './cause.ts'
import { labelNameCauses } from './label-selector.ts'
import { text, type View } from './view.ts'

const maxConditions = 64

/** pkg/apis/admissionregistration/validation: validateMatchConditions, of webhooks and of policies. */
export const matchConditionCauses = (conditions: readonly View[], params: boolean, path: string): Cause[] => {
  const scope = admissionScope({ params, namespaceObject: true, authorizer: true, variables: undefined })
  const names = new Set<string>()
  const causes = conditions.length > maxConditions ? [tooMany(path, conditions.length, maxConditions)] : []
  conditions.forEach((condition, i) => {
    const at = `${path}[${i}]`
    const expression = text(condition, 'expression').trim()
    if (expression === '') causes.push(required(`${at}.expression`))
    else {
      const compiled = compileExpression(expression, scope, [boolType])
      if (!compiled.ok) causes.push(invalid(`${at}.expression`, expression, compiled.message))
    }
    const name = text(condition, 'name')
    if (name === '') causes.push(required(`${at}.name`))
    else {
      causes.push(...labelNameCauses(name, `${at}.name`))
      if (names.has(name)) causes.push(duplicate(`${at}.name`, name))
      names.add(name)
    }
  })
  return causes
}
