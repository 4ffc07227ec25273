import { canonicalJson } from '../../api/json/canonical-json.ts'
import { diffPathText } from '../../api/diff/diff-path.ts'
import type { FieldChange } from '../../api/diff/diff-values.ts'
import type { Json } from '../../api/object.ts'
import { visibleText } from './visible-text.ts'

const longest = 160

/** A value on one line; a long one is cut where its end says little. */
export const valueText = (value: Json | undefined): string => {
  if (value === undefined) return 'absent'
  const text = visibleText(canonicalJson(value))
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}

export const pathText = ({ path }: FieldChange): string => visibleText(diffPathText(path))
