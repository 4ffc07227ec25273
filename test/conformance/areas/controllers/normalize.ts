import { isDeepStrictEqual } from 'node:util'

type Plain = Record<string, unknown>
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)

const dropped = ['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'selfLink']
const triggerTime = 'endpoints.kubernetes.io/last-change-trigger-time'

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const keyed = (value: unknown): string => JSON.stringify(withSortedKeys(value) ?? null)

const withSortedKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withSortedKeys)
  if (!isPlain(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, withSortedKeys(value[key])]),
  )
}

const field = (value: unknown, name: string): unknown => (isPlain(value) ? value[name] : undefined)
const textField = (value: unknown, name: string): string => (field(value, name) as string | undefined) ?? ''

const sortBy = (list: readonly unknown[], key: (item: unknown) => string): unknown[] =>
  [...list].sort((a, b) => compareText(key(a), key(b)))

/** Lists that stand in no order, in the recorder's order (trace.go, val). */
const orderList = (list: readonly unknown[], key: string): readonly unknown[] => {
  if (key === 'taints') return sortBy(list, (one) => textField(one, 'key') + textField(one, 'effect'))
  if (key === 'subsets') return sortBy(list, (one) => keyed(field(one, 'ports')))
  if (key === 'endpoints' || key === 'addresses' || key === 'notReadyAddresses')
    return sortBy(list, (one) => `${keyed(field(one, 'addresses'))} ${textField(one, 'ip')}`)
  if (key === 'volumes') {
    const claims = sortBy(
      list.filter((one) => field(one, 'persistentVolumeClaim') !== undefined),
      (one) => textField(one, 'name'),
    )
    return list.map((one) => (field(one, 'persistentVolumeClaim') === undefined ? one : claims.shift()))
  }
  return list
}

/** A value in the recorder's words (trace.go, val): `show` turns texts into symbols. */
export const shownValue = (value: unknown, show: (text: string) => string, key = ''): unknown => {
  if (typeof value === 'string') return key === 'podCIDR' ? '{podCIDR}' : show(value)
  if (Array.isArray(value))
    return orderList(
      value.map((item) => shownValue(item, show)),
      key,
    )
  if (!isPlain(value)) return value
  const copy: Plain = {}
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined) continue
    if ((name === 'nodePort' || name === 'healthCheckNodePort') && inner !== null) copy[name] = '{nodePort}'
    else if (name === 'token') copy[name] = '{token}'
    else if (name === 'resourceVersion') copy[name] = '{rv}'
    else if (name === 'podCIDRs') copy[name] = ['{podCIDR}']
    else copy[show(name)] = shownValue(inner, show, name)
  }
  return copy
}

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isPlain(value)) return value
  const copy: Plain = {}
  for (const [key, inner] of Object.entries(value))
    if (inner !== null && inner !== undefined) copy[key] = withoutNulls(inner)
  return copy
}

/** An object as the recorder shows it: without bookkeeping and null fields, with symbols (trace.go, clean). */
export const cleanObject = (object: unknown, show: (text: string) => string): Plain => {
  const copy = withoutNulls(object) as Plain
  const metadata = copy['metadata']
  if (isPlain(metadata)) {
    for (const name of dropped) delete metadata[name]
    const annotations = metadata['annotations']
    if (isPlain(annotations)) {
      delete annotations[triggerTime]
      if (Object.keys(annotations).length === 0) delete metadata['annotations']
    }
  }
  return shownValue(copy, show) as Plain
}

const instant = /^T[+-]\d+$/

/** Without the fields that hold an instant: whether one changes depends on the second (compare.go, timeless). */
const timeless = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(timeless)
  if (!isPlain(value)) return value
  const copy: Plain = {}
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string' && instant.test(inner)) continue
    const less = timeless(inner)
    if (isPlain(less) && Object.keys(less).length === 0 && Object.keys(inner as object).length > 0) continue
    copy[key] = less
  }
  return copy
}

/** Keys in order, instants aside: what is compared. */
export const comparable = (value: unknown, from: 'body' | 'diff'): unknown => {
  const sorted = withSortedKeys(from === 'diff' ? timeless(value) : value)
  return JSON.parse(JSON.stringify(sorted ?? null).replaceAll(/T[+-]\d+/g, 'T')) as unknown
}

/** Sorts addresses again, because anonymous pods have no order (compare.go, canon). */
export const reorder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reorder)
  if (!isPlain(value)) return value
  const copy: Plain = {}
  for (const [key, inner] of Object.entries(value)) {
    const ordered = reorder(inner)
    copy[key] =
      Array.isArray(ordered) && (key === 'endpoints' || key.endsWith('ddresses')) ? sortBy(ordered, keyed) : ordered
  }
  return copy
}

export const isEqual = (a: unknown, b: unknown): boolean => isDeepStrictEqual(a, b)
