import { structuralEqual } from '../json/structural-equal.ts'
import { invalid, type Cause } from '../validation/cause.ts'
import { embeddedResourceCauses } from './embedded-resources.ts'
import { prune } from './prune.ts'
import type { Structural } from './structural.ts'
import { validateValue } from './validate-value.ts'

const ownCauses = (schema: Structural, value: unknown, path: string): readonly Cause[] => {
  const pruned = prune(value, schema, schema.embeddedResource).value
  const unknown = structuralEqual(pruned, value) ? [] : [invalid(path, value, 'must not have unknown fields')]
  const embedded = embeddedResourceCauses(schema, value, path)
  return [...unknown, ...(embedded.length > 0 ? embedded : validateValue(schema.props, value, { base: path }))]
}

/** structuraldefaulting.ValidateDefaults: a default must be a valid value. Defaults below additionalProperties are not followed. */
export const defaultCauses = (schema: Structural, path: string): readonly Cause[] => [
  ...(schema.default === undefined || schema.default.value === null
    ? []
    : ownCauses(schema, schema.default.value, `${path}.default`)),
  ...(schema.items === undefined ? [] : defaultCauses(schema.items, `${path}.items`)),
  ...[...schema.properties].flatMap(([key, one]) => defaultCauses(one, `${path}.properties[${key}]`)),
]
