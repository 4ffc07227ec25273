import { fieldOf, type FieldType } from '../../api/schema/field-type.ts'
import type { PathStep } from '../../dsl/plan/expression.ts'

/** The type at the end of a path from a type of the schema. */
export const typeAt = (root: string | undefined, path: readonly PathStep[]): FieldType | undefined => {
  let type: FieldType | undefined = root === undefined ? undefined : { ref: root }
  for (const step of path) {
    if (step.kind === 'field') type = fieldOf(type, step.name)
    else if (step.kind === 'every') type = type?.items ?? type?.values
    else type = type?.items
  }
  return type
}
