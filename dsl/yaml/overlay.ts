import { structuralEqual } from '../../api/json/structural-equal.ts'
import { applyMergePatch } from '../../api/patch/merge-patch.ts'
import type { PatchResult } from '../../api/patch/patch-result.ts'
import { applyStrategicMergePatch } from '../../api/patch/strategic-merge-patch.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { Env } from '../lower/env.ts'
import type { Document, Template } from '../plan/document.ts'
import type { Span } from '../source/span.ts'
import { isHole } from './is-hole.ts'

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

/** Merges overlays into manifests. `checked` says whether an overlay's fields are those of the kind that it is for. */
export const overlayDocuments = (
  documents: readonly Whole[],
  overlays: readonly OverlayDocument[],
  env: Env,
  checked: (index: number, resource: Resource) => boolean,
): readonly Document[] => {
  const merged: (Whole | undefined)[] = [...documents]
  for (const [index, overlay] of overlays.entries()) {
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
      continue
    }
    const base = merged[found.index]
    if (base === undefined) continue
    if (isMap(overlay.value) && overlay.value.$patch === 'delete') {
      merged[found.index] = undefined
      continue
    }
    if (
      !isMap(overlay.value) ||
      !isMap(base.document.value) ||
      (base.resource !== undefined && !checked(index, base.resource))
    )
      continue
    const result = mergeTemplates(base.document.value, overlay.value, base.resource?.type)
    if ('error' in result)
      env.reporter.report('K126', overlay.span, `this overlay cannot be merged: ${result.error}`, {
        help: 'overlays are strategic merge patches, as `kubectl patch` takes them',
      })
    else merged[found.index] = { ...base, document: { ...base.document, value: result.document as Template } }
  }
  return merged.filter((one) => one !== undefined).map((one) => one.document)
}

/** A hole is one value: while documents are merged, this text stands for it. */
const holeText = (index: number): string => `\u0000hole ${index}\u0000`

/** strategicpatch over documents with holes. A custom resource has no strategic merge patch: it is merged as JSON (RFC 7386). */
const mergeTemplates = (base: Fields, patch: Fields, type: string | undefined): PatchResult<object> => {
  const holes: Template[] = []
  const plain = (value: Template): unknown => {
    if (isHole(value)) {
      const known = holes.findIndex((one) => structuralEqual(one, value))
      return holeText(known === -1 ? holes.push(value) - 1 : known)
    }
    return mapped(value, plain)
  }
  const filled = (value: unknown): unknown =>
    typeof value === 'string'
      ? (holes.find((_, index) => holeText(index) === value) ?? value)
      : mapped(value as Template, filled)
  const [document, change] = [plain(base), plain(patch)] as [object, Record<string, unknown>]
  const merged =
    type === undefined
      ? { document: applyMergePatch(document, change) }
      : applyStrategicMergePatch(type, document, change)
  return 'error' in merged ? merged : { document: filled(merged.document) as object }
}

const mapped = (value: Template, change: (one: Template) => unknown): unknown =>
  Array.isArray(value)
    ? (value as readonly Template[]).map(change)
    : isMap(value)
      ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one)]))
      : value
