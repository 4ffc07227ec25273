/** Any decoded struct, read field by field. */
export type View = Readonly<Record<string, unknown>>

const none: View = Object.freeze({})
const nothing: readonly never[] = Object.freeze([])

export const child = (value: View | undefined, key: string): View | undefined =>
  (value?.[key] as View | null | undefined) ?? undefined
/** A struct field without pointer: absent is empty. */
export const struct = (value: View | undefined, key: string): View => child(value, key) ?? none
export const list = (value: View | undefined, key: string): readonly View[] =>
  (value?.[key] as readonly View[] | null | undefined) ?? nothing
export const strings = (value: View | undefined, key: string): readonly string[] =>
  (value?.[key] as readonly string[] | null | undefined) ?? nothing
export const text = (value: View | undefined, key: string): string => {
  const found = value?.[key]
  return typeof found === 'string' ? found : ''
}
/** A pointer to a string: undefined is nil. */
export const optionalText = (value: View | undefined, key: string): string | undefined => {
  const found = value?.[key]
  return typeof found === 'string' ? found : undefined
}
export const number = (value: View | undefined, key: string): number => {
  const found = value?.[key]
  return typeof found === 'number' ? found : 0
}
export const optionalNumber = (value: View | undefined, key: string): number | undefined => {
  const found = value?.[key]
  return typeof found === 'number' ? found : undefined
}
export const flag = (value: View | undefined, key: string): boolean => value?.[key] === true
export const map = (value: View | undefined, key: string): Readonly<Record<string, string>> =>
  (value?.[key] as Readonly<Record<string, string>> | null | undefined) ?? (none as Readonly<Record<string, string>>)
export const isEmpty = (value: View): boolean => {
  for (const _ in value) return false
  return true
}
