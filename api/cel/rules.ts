import type { JSONSchemaProps, ValidationRule } from '../types/apiextensions-v1.generated.ts'
import { compileExpression, type Expression } from './expression.ts'
import { boolType, optionalType, stringType, typeText, type CelType } from './types.ts'

/** One rule of `x-kubernetes-validations`, compiled. */
export interface CompiledRule {
  readonly rule: ValidationRule
  /** undefined: empty, or faulty. */
  readonly expression: Expression | undefined
  /** The text of a fault, `compilation failed: …`. */
  readonly error: string | undefined
  readonly usesOldSelf: boolean
  readonly message: Expression | undefined
  readonly messageError: string | undefined
  /** Where it points, relative to its schema: `.spec.name`. */
  readonly fieldPath: string
}

/** `.a.b['c']` as a path of the schema; undefined: it is none (ValidFieldPath). */
export const parseFieldPath = (text: string, schema: JSONSchemaProps): string | undefined => {
  let rest = text
  let here: JSONSchemaProps | undefined = schema
  let path = ''
  while (rest !== '') {
    const dotted: RegExpExecArray | null = /^\.([^.[\]]+)/.exec(rest) ?? /^\['((?:[^'\\]|\\.)*)'\]/.exec(rest)
    if (dotted === null) return undefined
    const name = dotted[1]!.replace(/\\(.)/g, '$1')
    const properties: Readonly<Record<string, JSONSchemaProps>> | undefined = here.properties
    if (properties !== undefined) {
      here = Object.hasOwn(properties, name) ? properties[name] : undefined
      path += path === '' ? name : `.${name}`
    } else {
      here = typeof here.additionalProperties === 'object' ? (here.additionalProperties as JSONSchemaProps) : undefined
      path += `[${name}]`
    }
    if (here === undefined) return undefined
    rest = rest.slice(dotted[0].length)
  }
  return path
}

const compileRule = (rule: ValidationRule, schema: JSONSchemaProps, self: CelType): CompiledRule => {
  const nothing: CompiledRule = {
    rule,
    expression: undefined,
    error: undefined,
    usesOldSelf: false,
    message: undefined,
    messageError: undefined,
    fieldPath: '',
  }
  if (rule.rule.trim() === '') return nothing
  const old = rule.optionalOldSelf === true ? optionalType(self) : self
  const scope = { variable: (name: string) => (name === 'self' ? self : name === 'oldSelf' ? old : undefined) }
  const compiled = compileExpression(rule.rule, scope)
  if (!compiled.ok) return { ...nothing, error: compiled.message }
  const { expression } = compiled
  if (typeText(expression.type) !== typeText(boolType))
    return { ...nothing, error: 'cel expression must evaluate to a bool' }
  let message: Expression | undefined
  let messageError: string | undefined
  if (rule.messageExpression !== undefined && rule.messageExpression !== '') {
    const text = compileExpression(rule.messageExpression, scope)
    if (!text.ok) messageError = `messageExpression ${text.message}`
    else if (text.expression.type.kind !== stringType.kind) messageError = 'messageExpression must evaluate to a string'
    else message = text.expression
  }
  const fieldPath =
    rule.fieldPath === undefined || rule.fieldPath === '' ? '' : (parseFieldPath(rule.fieldPath, schema) ?? '')
  return {
    rule,
    expression,
    error: undefined,
    usesOldSelf: expression.uses('oldSelf'),
    message,
    messageError,
    fieldPath,
  }
}

const remembered = new WeakMap<readonly ValidationRule[], readonly CompiledRule[]>()

/** The rules of a schema, compiled once. `self` is undefined where expressions cannot see the schema. */
export const rulesOf = (schema: JSONSchemaProps, self: CelType | undefined): readonly CompiledRule[] => {
  const rules = schema['x-kubernetes-validations']
  if (rules === undefined || rules.length === 0 || self === undefined) return []
  let compiled = remembered.get(rules)
  if (compiled === undefined) {
    compiled = rules.map((rule) => compileRule(rule, schema, self))
    remembered.set(rules, compiled)
  }
  return compiled
}
