// Parameters of operations, by the names of ListOptions, CreateOptions, UpdateOptions, PatchOptions and DeleteOptions.
// Differs: they are not explained; upstream repeats a page of text for each operation.

export type Parameter = Readonly<Record<string, unknown>>

const query = (type: 'string' | 'integer' | 'boolean', ...names: readonly string[]): readonly Parameter[] =>
  names.map((name) => ({ in: 'query', name, schema: { type, uniqueItems: true } }))

const byName = (parameters: readonly Parameter[]): readonly Parameter[] =>
  [...parameters].sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1))

export const pretty: readonly Parameter[] = query('string', 'pretty')

export const pathParameter = (name: string, description: string): Parameter => ({
  description,
  in: 'path',
  name,
  required: true,
  schema: { type: 'string', uniqueItems: true },
})

const selecting = [
  ...query('string', 'continue', 'fieldSelector', 'labelSelector', 'resourceVersion', 'resourceVersionMatch'),
  ...query('integer', 'limit', 'timeoutSeconds'),
  ...query('boolean', 'sendInitialEvents'),
]

export const listParameters: readonly Parameter[] = byName([
  ...selecting,
  ...query('boolean', 'allowWatchBookmarks', 'watch'),
])
export const writeParameters: readonly Parameter[] = byName(
  query('string', 'dryRun', 'fieldManager', 'fieldValidation'),
)
export const patchParameters: readonly Parameter[] = byName([...writeParameters, ...query('boolean', 'force')])
export const deleteParameters: readonly Parameter[] = byName([
  ...query('string', 'dryRun', 'propagationPolicy'),
  ...query('integer', 'gracePeriodSeconds'),
  ...query('boolean', 'ignoreStoreReadErrorWithClusterBreakingPotential', 'orphanDependents'),
])
export const deleteCollectionParameters: readonly Parameter[] = byName([...deleteParameters, ...selecting])
