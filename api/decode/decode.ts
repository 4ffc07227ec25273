import type { KubeObject } from '../object.ts'
import { coerceCustom } from '../custom-resources/coerce-custom.ts'
import type { ObjectMeta } from '../types/meta-v1.generated.ts'
import type { Resource } from '../protocol/resource.ts'
import { decodeCustom } from './decode-custom.ts'
import { noteEmptyLists } from './empty-lists.ts'
import { borrowState, giveBack, newDecodeState } from './decode-state.ts'
import { decodeStruct } from './decode-value.ts'
import { refuseKind } from './refuse-kind.ts'
import { typePlan } from './type-plan.ts'

export interface DecodeOptions {
  /** Unknown and duplicate fields: refused, warned about, or dropped silently. Default as upstream: Warn. */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore'
  /** Duplicate keys by the object that had them, when the object was parsed from text. */
  readonly duplicates?: WeakMap<object, readonly string[]>
  /** Strict complaints of the parser of the text (YAML), before those of the decoder. */
  readonly textComplaints?: readonly string[]
}

export type DecodeResult =
  | {
      readonly ok: true
      readonly object: KubeObject
      readonly warnings: readonly string[]
      /** The body has managedFields, and they are empty: of the object they are gone. */
      readonly resetsManagers?: true
    }
  /** `detail` is what a decoder says before the handler names the kind. */
  | {
      readonly ok: false
      readonly code: number
      readonly reason: string
      readonly message: string
      readonly detail?: string
    }

const refusedBody = (message: string): DecodeResult & { readonly ok: false } => ({
  ok: false,
  code: 400,
  reason: 'BadRequest',
  message,
})

export const badRequest = (message: string): DecodeResult => refusedBody(message)

/** A custom resource's kind is looked at by its validation, its version by the handler. */
const refuseVersion = (resource: Resource, apiVersion: string): string | undefined =>
  apiVersion === '' || apiVersion === resource.apiVersion
    ? undefined
    : `the API version in the data (${apiVersion}) does not match the expected API version (${resource.apiVersion})`

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const sendsNoManagers = (input: Record<string, unknown>): boolean => {
  const given = (input['metadata'] as { readonly managedFields?: unknown } | null | undefined)?.managedFields
  return Array.isArray(given) && given.length === 0
}

/**
 * A request body into an object of a resource, as the server's decoder does (apimachinery serializer/json with the scheme's
 * typed structs): fields in wire order, unknown ones dropped, type errors and strict errors with upstream's texts. An object
 * that is canonical already comes back as it is. kind and apiVersion may be missing.
 */
export const decode = (resource: Resource, raw: unknown, options: DecodeOptions = {}): DecodeResult => {
  const input = (raw === null || raw === undefined ? {} : raw) as Record<string, unknown>
  const kind = text(input['kind'])
  const apiVersion = text(input['apiVersion'])
  if ((kind !== '' && kind !== resource.kind) || (apiVersion !== '' && apiVersion !== resource.apiVersion)) {
    const refused =
      resource.custom === undefined ? refuseKind(resource, kind, apiVersion) : refuseVersion(resource, apiVersion)
    if (refused !== undefined)
      return { ...refusedBody(refused), detail: refused.replace(/^.*? cannot be handled as a \S+: /, '') }
  }
  const typed =
    kind === '' || apiVersion === '' ? { ...input, kind: resource.kind, apiVersion: resource.apiVersion } : input
  if (options.duplicates?.has(input) === true && typed !== input)
    options.duplicates.set(typed, options.duplicates.get(input) ?? [])
  const state = options.duplicates === undefined ? borrowState() : newDecodeState(options.duplicates)
  const object =
    resource.type === undefined ? decodeCustom(typed, state) : decodeStruct(typePlan(resource.type), typed, state)
  if (state.emptied.length > 0) noteEmptyLists(object, state.emptied)
  const prefix = `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: `
  const failure = state.fatal ?? state.saved
  if (failure !== undefined) return { ...refusedBody(prefix + failure), detail: failure }
  const mode = options.fieldValidation ?? 'Warn'
  const complaints = [...(options.textComplaints ?? []), ...state.strict]
  if (options.duplicates === undefined) giveBack(state)
  let decoded = object as KubeObject
  if (resource.custom !== undefined) {
    const coerced = coerceCustom(resource.custom, decoded)
    decoded = coerced.object
    for (const path of coerced.unknown) complaints.push(`unknown field "${path}"`)
  }
  const reset = sendsNoManagers(input) ? ({ resetsManagers: true } as const) : undefined
  if (complaints.length === 0 || mode === 'Ignore') return { ok: true, object: decoded, warnings: [], ...reset }
  if (mode === 'Warn') {
    // The YAML parser's heading is no part of a warning.
    const warnings = complaints
      .flatMap((one) => one.replace(/^yaml: unmarshal errors:\n/, '').split('\n'))
      .map((one) => one.trim())
    return { ok: true, object: decoded, warnings, ...reset }
  }
  const strict = `strict decoding error: ${complaints.join(', ')}`
  return { ...refusedBody(prefix + strict), detail: strict }
}

/** Metadata in the order of ObjectMeta. */
export const canonicalMetadata = (metadata: ObjectMeta): ObjectMeta => {
  const state = borrowState()
  const plan = typePlan('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')
  const canonical = decodeStruct(plan, metadata, state) as ObjectMeta
  giveBack(state)
  return canonical
}

/** An object of a resource in canonical form: wire order, empty fields left out. The same object if it is that already. */
export const canonicalObject = (resource: Resource, object: KubeObject): KubeObject => {
  const state = borrowState()
  const canonical =
    resource.type === undefined ? decodeCustom(object, state) : decodeStruct(typePlan(resource.type), object, state)
  giveBack(state)
  return canonical as KubeObject
}
