import type { Resource } from '../../../api/protocol/resource.ts'
import type { CustomResourceColumnDefinition } from '../../../api/types/apiextensions-v1.generated.ts'
import type { View } from '../../../api/validation/view.ts'
import { ageOf, nameOf, type Cell, type RowContext } from './cell-texts.ts'
import { findJsonPath, parseJsonPath } from './json-path.ts'

type Path = NonNullable<ReturnType<typeof parseJsonPath>>

const paths = new Map<string, Path>()

const pathOf = (text: string): Path => {
  let path = paths.get(text)
  if (path === undefined) {
    if (paths.size > 1000) paths.clear()
    paths.set(text, (path = parseJsonPath(text) ?? [{ kind: 'index', index: 0 }]))
  }
  return path
}

/** How a value is printed where a text is wanted: maps and lists as JSON. */
const printed = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** cellForJSONValue */
const cellOf = (type: string, value: unknown, context: RowContext): Cell | null => {
  switch (type) {
    case 'string':
      return printed(value)
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null
    case 'number':
      return typeof value === 'number' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date':
      if (typeof value !== 'string') return null
      return Number.isNaN(Date.parse(value)) ? '<invalid>' : ageOf(value, context)
    default:
      return null
  }
}

export const customColumns = (
  nameColumn: object,
  columns: readonly CustomResourceColumnDefinition[],
): readonly object[] => [
  nameColumn,
  ...columns.map(({ name, type, format, description, priority, jsonPath }) => ({
    name,
    type,
    format: format ?? '',
    description:
      description === undefined || description === ''
        ? `Custom resource definition column (in JSONPath format): ${jsonPath}`
        : description,
    priority: priority ?? 0,
  })),
]

/** apiextensions-apiserver pkg/registry/customresource/tableconvertor. */
export const customCells = (resource: Resource, object: View, context: RowContext): readonly (Cell | null)[] => [
  nameOf(object),
  ...(resource.custom?.columns ?? []).map(({ type, jsonPath }) => {
    const [value] = findJsonPath(object, pathOf(jsonPath))
    return value === undefined || value === null ? null : cellOf(type, value, context)
  }),
]
