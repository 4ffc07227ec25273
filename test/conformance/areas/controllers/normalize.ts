type Plain = Record<string, unknown>

const dropped = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'selfLink'])
const triggerTime = 'endpoints.kubernetes.io/last-change-trigger-time'

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? [...(value as unknown[])].sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)))
    : value

/** An object as the recorder shows it: without what the server makes up, without null fields, unordered lists in order. */
export const cleanObject = (object: unknown): unknown => {
  if (typeof object !== 'object' || object === null) return object
  const copy = withoutNulls(object) as Plain
  const metadata = copy['metadata'] as Plain | undefined
  if (metadata !== undefined) {
    for (const field of dropped) delete metadata[field]
    const annotations = metadata['annotations'] as Plain | undefined
    if (annotations !== undefined) {
      delete annotations[triggerTime]
      if (Object.keys(annotations).length === 0) delete metadata['annotations']
    }
  }
  const spec = copy['spec'] as Plain | undefined
  if (copy['kind'] === 'Node' && spec?.['taints'] !== undefined) spec['taints'] = sorted(spec['taints'])
  if (copy['kind'] === 'EndpointSlice' && Array.isArray(copy['endpoints']))
    copy['endpoints'] = sorted(copy['endpoints'])
  if (copy['kind'] === 'Endpoints' && Array.isArray(copy['subsets'])) {
    copy['subsets'] = sorted(
      (copy['subsets'] as Plain[]).map((subset) => ({
        ...subset,
        ...('addresses' in subset ? { addresses: sorted(subset['addresses']) } : {}),
        ...('notReadyAddresses' in subset ? { notReadyAddresses: sorted(subset['notReadyAddresses']) } : {}),
      })),
    )
  }
  return copy
}

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const copy: Plain = {}
  for (const key of Object.keys(value)) {
    const inner = (value as Plain)[key]
    if (inner === null || inner === undefined) continue
    copy[key] = key === 'resourceVersion' ? '{rv}' : withoutNulls(inner)
  }
  return copy
}

const instant = /^(T[+-]\d+|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)$/

/** Instants become one sign, keys stand in order: what is compared. */
export const comparable = (value: unknown): unknown => {
  if (typeof value === 'string') {
    if (instant.test(value)) return '{t}'
    return value.replace(/kube-api-access-[a-z0-9]{5}\b/g, 'kube-api-access-{r}')
  }
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  const copy: Plain = {}
  for (const key of Object.keys(value).sort()) copy[key] = comparable((value as Plain)[key])
  return copy
}

/** The body of a request as the recorder shows it. */
export const cleanBody = (verb: string, body: unknown): unknown => {
  if (typeof body !== 'object' || body === null) return undefined
  const copy = withoutNulls(body) as Plain
  if (verb === 'delete' || verb === 'deletecollection') {
    delete copy['kind']
    delete copy['apiVersion']
    const preconditions = copy['preconditions'] as Plain | undefined
    if (preconditions?.['resourceVersion'] !== undefined) preconditions['resourceVersion'] = '{rv}'
    return copy
  }
  if (verb === 'patch') {
    // A null in a patch says something.
    const patch = structuredClone(body) as Plain
    const metadata = patch['metadata'] as Plain | undefined
    if (metadata?.['resourceVersion'] !== undefined) metadata['resourceVersion'] = '{rv}'
    return patch
  }
  return cleanObject(copy)
}
