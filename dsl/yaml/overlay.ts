import type { Resource } from '../../api/protocol/resource.ts'
import type { Env } from '../lower/env.ts'
import { isHole } from '../lower/documents.ts'
import { fieldNamed, type Field } from '../names/field-types.ts'
import type { Document, Template } from '../plan/document.ts'
import type { Span } from '../source/span.ts'

export interface OverlayDocument {
  readonly value: Template
  readonly span: Span
}
interface Whole {
  readonly document: Document
  readonly resource: Resource | undefined
}
type Fields = Readonly<Record<string, Template>>

const isMap = (value: Template | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isHole(value)
const nameOf = (value: Template): Template | undefined =>
  isMap(value) && isMap(value.metadata) ? value.metadata.name : undefined
const kindOf = (value: Template): Template | undefined => (isMap(value) ? value.kind : undefined)

/** Merges overlays into manifests; `targets` are the kinds that each overlay met. */
export const overlayDocuments = (
  documents: readonly Whole[],
  overlays: readonly OverlayDocument[],
  env: Env,
): { readonly documents: readonly Document[]; readonly targets: readonly (Resource | undefined)[] } => {
  const merged: (Whole | undefined)[] = [...documents]
  const targets = overlays.map((overlay): Resource | undefined => {
    const kind = kindOf(overlay.value)
    const name = nameOf(overlay.value)
    const fits = documents
      .map((one, index) => ({ one, index }))
      .filter(
        ({ one }) =>
          (kind === undefined || kindOf(one.document.value) === kind) &&
          (name === undefined || nameOf(one.document.value) === name),
      )
    const found = fits.length === 1 ? fits[0] : undefined
    if (found === undefined) {
      if (documents.length > 0)
        env.reporter.report(
          'K126',
          overlay.span,
          fits.length === 0 ? 'this overlay fits no document' : `this overlay fits ${fits.length} documents`,
          {
            help: 'name the document by `kind` and `metadata.name`',
          },
        )
      return undefined
    }
    const base = merged[found.index]
    if (base === undefined) return undefined
    if (isMap(overlay.value) && overlay.value.$patch === 'delete') {
      merged[found.index] = undefined
      return base.resource
    }
    const schema = base.resource === undefined ? undefined : env.kinds.schemaOf(base.resource)
    merged[found.index] = {
      ...base,
      document: { ...base.document, value: mergeValue(base.document.value, overlay.value, schema) },
    }
    return base.resource
  })
  return { documents: merged.filter((one) => one !== undefined).map((one) => one.document), targets }
}

/** Strategic merge (apimachinery, strategicpatch.MergingMapFunc): maps merge, lists with a merge key merge by it, null deletes. */
const mergeValue = (base: Template | undefined, patch: Template, schema: Field | undefined): Template => {
  if (Array.isArray(patch)) return mergeList(base, patch as readonly Template[], schema)
  if (!isMap(patch)) return patch
  const directive = patch.$patch
  const start: Fields = isMap(base) && directive !== 'replace' ? base : {}
  const out: Record<string, Template> = { ...start }
  for (const key of Object.keys(patch)) {
    const value = patch[key]
    if (key.startsWith('$') || value === undefined) continue
    if (value === null) {
      Reflect.deleteProperty(out, key)
      continue
    }
    const field = schema === undefined ? undefined : fieldNamed(schema, key)
    out[key] = mergeValue(out[key], value, field === 'any' ? undefined : field)
  }
  return out
}

const mergeList = (base: Template | undefined, patch: readonly Template[], schema: Field | undefined): Template => {
  const old = Array.isArray(base) ? (base as readonly Template[]) : []
  const replace = patch.some((one) => isMap(one) && one.$patch === 'replace')
  const items = patch.filter((one) => !(isMap(one) && one.$patch === 'replace'))
  const key = schema?.mergeKey
  if (replace || schema === undefined) return items
  if (key === undefined) {
    const merges = (schema as { readonly patch?: string }).patch?.includes('merge') === true
    return merges ? [...old, ...items.filter((one) => !old.includes(one))] : items
  }
  const out = [...old]
  for (const item of items) {
    const wanted = isMap(item) ? item[key] : undefined
    const index = out.findIndex((one) => isMap(one) && one[key] === wanted)
    if (isMap(item) && item.$patch === 'delete') {
      if (index !== -1) out.splice(index, 1)
    } else if (index === -1) out.push(mergeValue(undefined, item, schema.items))
    else out[index] = mergeValue(out[index], item, schema.items)
  }
  return out
}
