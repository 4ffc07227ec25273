import { didYouMean } from '../diagnostics/did-you-mean.ts'
import { fieldNamed, fieldsOf, valueTypeOf, type Field } from '../names/field-types.ts'
import { unknown, type ValueInfo } from '../names/value-info.ts'
import type { PathStep } from '../plan/expression.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'

export const lowerPath = (path: ast.Path): readonly PathStep[] =>
  path.steps.map((step): PathStep => {
    switch (step.kind) {
      case 'field':
        return { kind: 'field', name: step.name }
      case 'every':
        return { kind: 'every' }
      case 'index':
        return { kind: 'index', index: step.index }
      case 'key':
        return { kind: 'key', key: step.key, value: step.value.replace(/^"(.*)"$/, '$1') }
    }
  })

/** What stands behind a path; a field that the kind does not have is reported. */
export const followPath = (from: ValueInfo, path: ast.Path, env: Env): ValueInfo => {
  const base = from.type === 'list' ? from.item : from
  let many = from.type === 'list'
  let field: Field | undefined = base?.field
  if (field === undefined && base?.resource !== undefined) {
    const resource = env.kinds.byResourceName(base.resource)
    field = resource === undefined ? undefined : env.kinds.schemaOf(resource)
  }
  for (const step of path.steps) {
    if (field === undefined) return unknown
    if (step.kind === 'field') {
      const next: Field | 'any' | undefined = fieldNamed(field, step.name)
      if (next === 'any') return unknown
      if (next === undefined) {
        const names = Object.keys(fieldsOf(field) ?? {})
        env.reporter.report('K114', step.span, `there is no field \`${step.name}\` here`, {
          help:
            didYouMean(step.name, names) ??
            (names.length === 0
              ? undefined
              : `fields: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`),
        })
        return unknown
      }
      field = next
    } else if (step.kind === 'every') {
      field = field.items ?? field.values
      many = true
    } else {
      if (step.kind === 'key' && field.items === undefined && field.type !== undefined) return unknown
      field = field.items
    }
  }
  if (field === undefined) return unknown
  const info: ValueInfo =
    field.items === undefined
      ? { type: valueTypeOf(field), field }
      : { type: 'list', item: { type: valueTypeOf(field.items), field: field.items } }
  return many ? { type: 'list', item: info } : info
}
