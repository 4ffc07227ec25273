import { goJson } from '../json/go-json.ts'
import { setPath } from '../json/path.ts'
import { utf8Length } from '../names/utf8-length.ts'
import type { KubeObject } from '../object.ts'
import { compareValues } from './compare-values.ts'
import type { Conflict } from './conflicts.ts'
import { difference, hasPath } from './field-set.ts'
import { toFieldSet } from './to-field-set.ts'
import type { Atom } from './value-schema.ts'

/** Where `kubectl apply` without --server-side keeps what it applied. */
const annotation = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * lastAppliedManager: of kubectl's conflicts those that remain; fields that still are as its last client-side apply set them
 * were its own all along.
 */
export const allowedByLastApplied = (
  atom: Atom,
  live: KubeObject,
  conflicts: readonly Conflict[],
): readonly Conflict[] => {
  const text = live.metadata?.annotations?.[annotation]
  if (text === undefined || text === '') return conflicts
  let last: unknown
  try {
    last = JSON.parse(text)
  } catch {
    return conflicts
  }
  if (typeof last !== 'object' || last === null || (last as KubeObject).apiVersion !== live.apiVersion) return conflicts
  const comparison = compareValues(atom, last, live)
  let allowed = toFieldSet(atom, last)
  for (const set of [comparison.modified, comparison.added, comparison.removed]) allowed = difference(allowed, set)
  return conflicts.filter(({ path }) => !hasPath(allowed, path))
}

/** lastAppliedUpdater: an object that has the annotation gets it renewed, unless all annotations together are too large. */
export const withLastApplied = (object: KubeObject, config: KubeObject): KubeObject => {
  if ((object.metadata?.annotations?.[annotation] ?? '') === '') return object
  const bare = setPath(config, ['metadata', 'annotations', annotation], undefined)
  const annotations: Record<string, string> = { ...object.metadata.annotations, [annotation]: `${goJson(bare)}\n` }
  let size = 0
  for (const key of Object.keys(annotations)) size += utf8Length(key) + utf8Length(annotations[key] ?? '')
  // validation.TotalAnnotationSizeLimitB
  if (size > 256 * 1024) return setPath(object, ['metadata', 'annotations', annotation], undefined)
  return setPath(object, ['metadata', 'annotations'], annotations)
}
