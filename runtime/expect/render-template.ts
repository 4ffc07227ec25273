import type { Json } from '../../api/object.ts'
import type { Hole, Template } from '../../dsl/plan/document.ts'
import { EvaluationError } from './evaluation-error.ts'
import type { Moment } from './moment.ts'
import { renderParts } from './render.ts'
import { textOf } from './text-of.ts'
import type { Value } from './value.ts'

/** An interpolated scalar of a YAML document. */
export const isHole = (template: Template): template is Hole =>
  template !== null && typeof template === 'object' && !Array.isArray(template) && '$hole' in template

const jsonOf = (value: Value): Json => {
  switch (value.kind) {
    case 'boolean':
    case 'number':
    case 'string':
      return value.value
    case 'list':
      return value.items.map(jsonOf)
    case 'json':
      return value.json
    case 'absent':
      throw new EvaluationError(
        `${value.what === '' ? 'the value' : value.what} is absent and cannot be written into a document`,
      )
    default:
      return textOf(value)
  }
}

/** What a hole stands for now: the expression's value with its type, or text. */
export const holeValue = (hole: Hole, moment: Moment): Json => {
  const [only] = hole.parts
  if (hole.$hole === 'value' && hole.parts.length === 1 && only !== undefined && typeof only !== 'string') {
    return jsonOf(moment.evaluate(only))
  }
  return renderParts(hole.parts, moment)
}

/** A document with its holes filled in. Parts without holes are shared. */
export const renderTemplate = (template: Template, moment: Moment): Json => {
  if (template === null || typeof template !== 'object') return template
  if (Array.isArray(template)) {
    const items = (template as readonly Template[]).map((item) => renderTemplate(item, moment))
    return items.every((item, index) => item === template[index]) ? (template as readonly Json[]) : items
  }
  if (isHole(template)) return holeValue(template, moment)
  const fields: Record<string, Json> = {}
  let changed = false
  for (const [name, value] of Object.entries(template as Readonly<Record<string, Template>>)) {
    const rendered = renderTemplate(value, moment)
    changed ||= rendered !== value
    fields[name] = rendered
  }
  return changed ? fields : (template as Json)
}
