type Path = readonly (string | number)[]

const emptied = new WeakMap<object, readonly Path[]>()

/** Fields of a decoded object that were given as empty lists and are null in it, as they will be in the store. */
export const noteEmptyLists = (object: object, paths: readonly Path[]): void => {
  emptied.set(object, paths)
}

/** `to` is `from` with other metadata. */
export const carryEmptyLists = <T extends object>(from: object, to: T): T => {
  const paths = emptied.get(from)
  if (paths !== undefined) emptied.set(to, paths)
  return to
}

const put = (value: unknown, [step, ...rest]: Path): unknown => {
  if (step === undefined) return value === null || value === undefined ? [] : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === step ? put(item, rest) : item))
  const fields = value as Readonly<Record<string, unknown>>
  return { ...fields, [step]: put(fields[step], rest) }
}

/** `object`, made from what was decoded, with those lists empty again: whoever gave them owns the fields. */
export const withEmptyLists = <T extends object>(object: T, decoded: object): T => {
  const paths = emptied.get(decoded)
  return paths === undefined ? object : paths.reduce<T>((made, path) => put(made, path) as T, object)
}
