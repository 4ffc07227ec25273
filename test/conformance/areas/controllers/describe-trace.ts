import { decode } from '../../../../api/decode/decode.ts'
import { applyDefaults } from '../../../../api/defaults/apply-defaults.ts'
import type { KubeObject } from '../../../../api/object.ts'
import type { ApiRequest } from '../../../../api/protocol/request.ts'
import type { AuditEntry } from './audit-log.ts'
import { mergeDiff, mergePatch } from './merge-diff.ts'
import { cleanObject, shownValue } from './normalize.ts'
import type { Entry } from './recorded-case.ts'

type Plain = Record<string, unknown>
type Show = (text: string) => string

export interface TraceView {
  readonly show: Show
  /** The cases run with nodes of their own have cluster objects; the others only those that bear the namespace's name. */
  readonly solo: boolean
  /** Objects before the first step, as the recorder shows them, by `resource/namespace/name`. */
  readonly initial: ReadonlyMap<string, Plain>
}

const field = (value: unknown, ...path: readonly string[]): unknown => {
  let inner = value
  for (const name of path) {
    if (typeof inner !== 'object' || inner === null) return undefined
    inner = (inner as Plain)[name]
  }
  return inner
}
const text = (value: unknown, ...path: readonly string[]): string => (field(value, ...path) as string | undefined) ?? ''

const leftOut = new Set(['servicecidrs', 'ipaddresses', 'clusterroles', 'prioritylevelconfigurations', 'flowschemas'])

/** The case's namespace, or one that its script named after it. */
export const isCaseNamespace = (name: string): boolean => name === 'ns' || name.startsWith('ns-')

/** Whether a write belongs to the case (trace.go, mine). */
const isMine = ({ request, response }: AuditEntry, view: TraceView): boolean => {
  const { plural, namespaced } = request.resource
  const name = request.name ?? text(response.body, 'metadata', 'name')
  if (plural === 'namespaces') return isCaseNamespace(name)
  if (namespaced) return isCaseNamespace(request.namespace ?? '')
  if (name.startsWith('ns')) return true
  return view.solo && !leftOut.has(plural)
}

/** Conversion on the way in gives the claim templates of a StatefulSet their kind. */
const typed = (object: KubeObject): KubeObject => {
  const spec = (object as { spec?: { volumeClaimTemplates?: readonly object[] } }).spec
  if (object.kind !== 'StatefulSet' || spec?.volumeClaimTemplates === undefined) return object
  const kind = { kind: 'PersistentVolumeClaim', apiVersion: 'v1' }
  const volumeClaimTemplates = spec.volumeClaimTemplates.map((one) => ({ ...kind, ...one }))
  return { ...object, spec: { ...spec, volumeClaimTemplates } } as KubeObject
}

/** A created object as the audit log shows the request: decoded and defaulted, without status. */
const requestedObject = (request: ApiRequest, ok: boolean, show: Show): Plain => {
  const decoded = decode(request.resource, request.body, { fieldValidation: 'Ignore' })
  if (!decoded.ok) return cleanObject(request.body, show)
  const { status, ...rest } = cleanObject(typed(applyDefaults(request.resource, decoded.object)), show)
  return ok || status === undefined ? rest : { ...rest, status }
}

/** Whether this response is the last state of an object (trace.go, removed). */
const isRemoved = (object: unknown): boolean => {
  if (text(object, 'metadata', 'deletionTimestamp') === '') return false
  const finalizers = (field(object, 'metadata', 'finalizers') as readonly unknown[] | undefined) ?? []
  if (text(object, 'kind') === 'Namespace') {
    const own = (field(object, 'spec', 'finalizers') as readonly unknown[] | undefined) ?? []
    return finalizers.length === 0 && own.length === 0
  }
  return finalizers.length === 0 && ((field(object, 'metadata', 'deletionGracePeriodSeconds') as number) ?? 0) === 0
}

/** The garbage collector asks for metadata only, and the other form of a DaemonSet's metadata lacks an annotation. */
const asMetadata = (object: Plain, before: Plain): Plain => {
  const metadata = { ...(object['metadata'] as Plain) }
  if (object['kind'] === 'DaemonSet') {
    const { 'deprecated.daemonset.template.generation': _, ...rest } = (metadata['annotations'] ?? {}) as Plain
    if (Object.keys(rest).length === 0) delete metadata['annotations']
    else metadata['annotations'] = rest
  }
  return { ...before, metadata }
}

const deleteOptions: Plain = { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/__internal' }

const emptied = (value: unknown): Plain | undefined =>
  value === undefined || Object.keys(value as Plain).length === 0 ? undefined : (value as Plain)

/** The audit log in the recording's words: who wrote what, and what it changed, from response to response (trace.go, result). */
export const describeTrace = (log: readonly AuditEntry[], view: TraceView): Entry[] => {
  const { show } = view
  const states = new Map<string, Plain>(view.initial)
  const versions = new Map<string, string>()
  const entries: Entry[] = []
  const refused = new Map<string, Entry>()

  const nameOf = ({ request, response }: AuditEntry): string => {
    if (request.name !== undefined) return show(request.name)
    if (response.code < 300) return show(text(response.body, 'metadata', 'name'))
    const name = text(request.body, 'metadata', 'name')
    return name === '' ? `${text(request.body, 'metadata', 'generateName')}{?}` : show(name)
  }

  const collection = (item: AuditEntry, head: Omit<Entry, 'name'>): Entry => {
    const deleted: string[] = []
    for (const object of (field(item.response.body, 'items') as readonly KubeObject[] | undefined) ?? []) {
      const name = show(object.metadata.name)
      deleted.push(name)
      const held = (object.metadata.finalizers ?? []).length > 0
      const grace = (object.metadata as { deletionGracePeriodSeconds?: number }).deletionGracePeriodSeconds ?? 0
      if (!held && (head.res !== 'pods' || grace === 0)) states.delete(`${head.res}/${head.ns ?? ''}/${name}`)
    }
    const options = cleanObject({ ...(item.request.body as Plain), apiVersion: 'meta.k8s.io/__internal' }, show)
    return { ...head, name: '*', body: { options, deleted: deleted.sort() } }
  }

  const accepted = (item: AuditEntry, entry: Entry): Entry | undefined => {
    const { request, response, step } = item
    const key = `${entry.res}/${entry.ns ?? ''}/${entry.name}`
    const own = step === undefined
    let body = response.body as unknown as Plain
    if (request.verb === 'delete') {
      const { kind: _, apiVersion: __, ...options } = cleanObject(request.body ?? {}, show)
      entry = own ? { ...entry, body: options } : entry
      const last = body['kind'] === 'Status' || text(body, 'metadata', 'deletionTimestamp') === ''
      if (last || (entry.res === 'pods' && isRemoved(body))) {
        states.delete(key)
        if (entry.res === 'services') states.delete(`endpoints/${entry.ns ?? ''}/${entry.name}`)
        return { ...entry, gone: true }
      }
    }
    const before = states.get(key)
    if (!own && request.subresource === 'scale' && before !== undefined) {
      const replicas = field(request.body, 'spec', 'replicas')
      if (field(before, 'spec', 'replicas') === replicas) return { ...entry, noop: true }
      const generation = ((field(before, 'metadata', 'generation') as number | undefined) ?? 0) + 1
      const diff = { metadata: { generation }, spec: { replicas } }
      states.set(key, mergePatch(before, diff) as Plain)
      return { ...entry, diff }
    }
    if (!own && (request.subresource === 'binding' || request.subresource === 'eviction')) {
      if (item.pod === undefined) {
        states.delete(key)
        return { ...entry, gone: true }
      }
      body = { ...(item.pod as Plain), kind: 'Pod', apiVersion: 'v1' }
    }
    if (body['kind'] === 'Status' || request.subresource === 'scale') return entry
    let now = cleanObject(body, show)
    if (entry.by === 'generic-garbage-collector' && before !== undefined) now = asMetadata(now, before)
    const version = text(body, 'metadata', 'resourceVersion')
    const same = versions.get(key) === version && version !== ''
    if (request.verb === 'create' && request.subresource === undefined) {
      const asked = requestedObject(request, true, show)
      entry = { ...entry, ...(own ? { body: asked } : {}), diff: mergeDiff(asked, now) ?? {} }
    } else {
      if (request.verb === 'patch' && own) entry = { ...entry, body: shownValue(request.body, show) }
      const diff = before === undefined ? now : emptied(mergeDiff(before, now))
      entry = {
        ...entry,
        ...(diff === undefined ? {} : { diff }),
        ...(before !== undefined && same ? { noop: true } : {}),
      }
    }
    if (entry.noop === true && request.verb === 'delete' && entry.by === 'generic-garbage-collector') return undefined
    versions.set(key, version)
    states.set(key, now)
    if (!isRemoved(body)) return entry
    states.delete(key)
    return { ...entry, gone: true }
  }

  for (const item of log) {
    if (!isMine(item, view)) continue
    const { request, response, step } = item
    const { resource, subresource, verb } = request
    const cluster = resource.plural === 'namespaces' || request.namespace === undefined
    const head = {
      ms: item.ms,
      w: item.window,
      ...(step === undefined ? {} : { step }),
      by: item.by,
      verb,
      res: resource.plural,
      ...(subresource === undefined ? {} : { sub: subresource }),
      ...(cluster ? {} : { ns: request.namespace }),
      code: response.code,
    }
    if (verb === 'deletecollection') {
      entries.push(collection(item, head))
      continue
    }
    const entry: Entry = { ...head, name: nameOf(item) }
    if (response.code < 300) {
      const accepts = accepted(item, entry)
      if (accepts !== undefined) entries.push(accepts)
      continue
    }
    const error = show(text(response.body, 'message'))
    const isCreate = verb === 'create' && subresource === undefined
    const body = isCreate
      ? requestedObject(request, false, show)
      : verb === 'patch'
        ? shownValue(request.body, show)
        : cleanObject(verb === 'delete' ? { ...deleteOptions, ...(request.body as Plain) } : request.body, show)
    const failed: Entry = { ...entry, error, ...(step === undefined ? { body } : {}) }
    const key = JSON.stringify([entry.w, entry.by, verb, entry.name, entry.res, entry.code, error])
    const first = step === undefined ? refused.get(key) : undefined
    if (first !== undefined) {
      ;(first as { times?: string }).times = 'many'
      continue
    }
    refused.set(key, failed)
    entries.push(failed)
  }
  return entries
}
