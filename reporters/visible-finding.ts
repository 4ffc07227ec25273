import type { Finding } from '../runtime/record/finding.ts'
import { visibleText } from './visible-text.ts'

const visible = (value: unknown): unknown => {
  if (typeof value === 'string') return visibleText(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(visible)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [visibleText(key), visible(one)]))
}

/** A finding whose texts are fit to be shown. Its span stays as it is: it is looked up, not shown. */
export const visibleFinding = (finding: Finding): Finding => ({
  ...(visible(finding) as Finding),
  span: finding.span,
})
