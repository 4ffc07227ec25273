/** Errors about fields, worded as k8s.io/apimachinery/pkg/util/validation/field words them. */
const shown = (value: unknown): string => JSON.stringify(value)

export const invalid = (path: string, value: unknown, detail: string): string =>
  `${path}: Invalid value: ${shown(value)}: ${detail}`
export const required = (path: string, detail: string): string =>
  `${path}: Required value${detail === '' ? '' : `: ${detail}`}`
export const duplicate = (path: string, value: unknown): string => `${path}: Duplicate value: ${shown(value)}`
export const forbidden = (path: string, detail: string): string => `${path}: Forbidden: ${detail}`
export const notSupported = (path: string, value: unknown, valid: readonly string[]): string =>
  `${path}: Unsupported value: ${shown(value)}: supported values: ${valid.map(shown).join(', ')}`

/** utilerrors.Aggregate: one as it is, several in brackets, none twice. */
export const aggregate = (errors: readonly string[]): string => {
  const all = [...new Set(errors)]
  return all.length === 1 ? all[0]! : `[${all.join(', ')}]`
}
