import type { Literal } from '../plan/expression.ts'
import { findDeclared } from '../names/module.ts'
import { lookUp, type Constant } from '../names/scope.ts'
import type { Expr } from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { durationMicros, isAmbiguous, measureLiteral, quantityText } from './measure.ts'
import { plainText, stringParts } from './text.ts'

const literal = (value: Literal, text: string): Constant => ({ kind: 'literal', literal: value, text })

/** The value of an expression that is known before the run: literals, and names bound to them. */
export const constantOf = (node: Expr, env: Env): Constant | undefined => {
  switch (node.type) {
    case 'number':
      return literal({ type: node.text.includes('.') ? 'number' : 'int', value: node.value }, node.text)
    case 'measure': {
      if (isAmbiguous(node.text)) return { kind: 'measure', text: node.text }
      const value = measureLiteral(node.text)
      return value === undefined ? undefined : literal(value, node.text)
    }
    case 'string': {
      const text = plainText(stringParts(node.raw, node.span, env))
      return text === undefined ? undefined : literal({ type: 'string', value: text }, text)
    }
    case 'noun':
      return node.form === 'bare' && node.namespace === null ? constantNamed(node.text, env) : undefined
    default:
      return undefined
  }
}

/** What a bare word stands for, if that is known before the run. */
export const constantNamed = (name: string, env: Env): Constant | undefined => {
  const binding = lookUp(env.scope, name)
  if (binding !== undefined) return binding.kind === 'constant' ? binding.value : undefined
  if (name === 'true' || name === 'false') return literal({ type: 'boolean', value: name === 'true' }, name)
  const found = findDeclared(env.module, 'lets', name)
  if (found === undefined || found.item.value.type === 'any') return undefined
  const home =
    found.module === env.module
      ? env
      : { ...env, module: found.module, scope: { parent: undefined, names: new Map(), marks: new Map() } }
  // A let that names itself, or one that names it, has no value.
  if (env.scenario.calls.length > 32) return undefined
  const deeper: Env = { ...home, scenario: { ...home.scenario, calls: [...home.scenario.calls, name] } }
  const value = constantOf(found.item.value, deeper)
  const annotation = found.item.annotation?.name
  return value === undefined ? undefined : annotated(value, annotation)
}

/** An ambiguous measure becomes what its declaration says it is. */
export const annotated = (value: Constant, annotation: string | undefined): Constant => {
  if (annotation !== 'duration' && annotation !== 'quantity') return value
  const text = value.text
  const found = annotation === 'duration' ? asDuration(text) : asQuantity(text)
  return found === undefined ? value : literal(found, text)
}

const asDuration = (text: string): Literal | undefined => {
  const micros = durationMicros(text)
  return micros === undefined ? undefined : { type: 'duration', micros }
}
const asQuantity = (text: string): Literal | undefined => {
  const quantity = quantityText(text)
  return quantity === undefined ? undefined : { type: 'quantity', text: quantity }
}
