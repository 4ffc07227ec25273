import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { applyDefaults } from '../api/defaults/apply-defaults.ts'
import { decode } from '../api/decode/decode.ts'
import type { ClusterObject } from '../api/diff/diff-clusters.ts'
import { objectSubject } from '../api/object-key.ts'
import type { KubeObject } from '../api/object.ts'
import type { Resource } from '../api/protocol/resource.ts'
import { builtinScheme } from '../api/scheme/builtin-scheme.ts'
import { objectsAt } from '../runtime/record/objects-at.ts'
import { parseInstant } from './instant.ts'
import { objectsIn, type ReadObject } from './read-objects.ts'
import { chooseRun, readRun } from './read-run.ts'
import { createSourceHost } from './source-host.ts'
import { UsageError } from './usage-error.ts'

/** One of two clusters that are compared: manifests, a dump, or an instant of a run. */
export interface ClusterSide {
  readonly label: string
  readonly objects: readonly ClusterObject[]
  /** Fields that no server would keep, and the like. */
  readonly warnings: readonly string[]
  /** Of an instant of a run: which run that was. */
  readonly run?: string
}

const manifestName = /\.(ya?ml|json)$/

const filesOf = (path: string): readonly string[] => {
  const stat = path === '-' ? undefined : statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory() !== true) return [path]
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => manifestName.test(name))
    .sort()
    .map((name) => join(path, name))
  if (files.length === 0)
    throw new UsageError(`${path} holds no manifests`, 'their names end with .yaml, .yml or .json')
  return files
}

const textOf = (path: string): string => {
  const source = createSourceHost().read(path, '')
  if ('error' in source) throw new UsageError(`${path} cannot be read: ${source.error}`)
  return source.text
}

interface Definition {
  readonly kind: string
  readonly spec?: {
    readonly group?: string
    readonly scope?: string
    readonly names?: { readonly kind?: string; readonly plural?: string }
  }
}

/** Kinds that the objects themselves define. */
const customKinds = (
  objects: readonly ReadObject[],
): ReadonlyMap<string, { readonly plural: string; readonly namespaced: boolean }> =>
  new Map(
    objects.flatMap(({ value }) => {
      const { kind, spec } = value as unknown as Definition
      if (kind !== 'CustomResourceDefinition' || spec?.names?.kind === undefined) return []
      const plural = `${spec.names.plural ?? ''}.${spec.group ?? ''}`
      return [[`${spec.group ?? ''}/${spec.names.kind}`, { plural, namespaced: spec.scope !== 'Cluster' }] as const]
    }),
  )

const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''

/** Decoded and defaulted, as the server would have it; the server's own complaint where it would not take it. */
const normalised = (resource: Resource, one: ReadObject, warnings: string[]): KubeObject => {
  const decoded = decode(resource, one.value, { fieldValidation: 'Warn' })
  const { name } = (one.value as { readonly metadata?: { readonly name?: string } }).metadata ?? {}
  const who = `${one.path}: ${resource.kind} ${name ?? ''}`
  if (!decoded.ok) throw new UsageError(`${who}: ${decoded.message}`)
  warnings.push(...decoded.warnings.map((text) => `${who}: ${text}`))
  return applyDefaults(resource, decoded.object)
}

const besides = (path: string): string => (path === '-' ? 'standard input' : path)

export interface Reading {
  /** Which of a record's scenarios. */
  readonly scenario: string | undefined
  /** Events and leases count. */
  readonly all: boolean
}

/** What the cluster tells of itself rather than what it is. */
const unspoken: ReadonlySet<string> = new Set(['events', 'events.events.k8s.io', 'leases.coordination.k8s.io'])

const fromManifests = (path: string, texts: readonly (readonly [string, string])[]): ClusterSide => {
  const read = texts.flatMap(([file, text]) => objectsIn(besides(file), text))
  const custom = customKinds(read)
  const scheme = builtinScheme()
  const warnings: string[] = []
  const known = new Map<string, string>()
  const objects = read.map((one): ClusterObject => {
    const { apiVersion, kind, metadata } = one.value as {
      readonly apiVersion: string
      readonly kind: string
      readonly metadata?: { readonly name?: unknown; readonly namespace?: string }
    }
    const resource = scheme.byKind(`${apiVersion}/${kind}`)
    const own = custom.get(`${groupOf(apiVersion)}/${kind}`)
    if (resource === undefined && own === undefined)
      throw new UsageError(
        `${one.path}: no kind ${kind} in version ${apiVersion}`,
        'a kind of your own is known when its CustomResourceDefinition is among the files',
      )
    if (typeof metadata?.name !== 'string' || metadata.name === '')
      throw new UsageError(`${one.path}: a ${kind} has no metadata.name`)
    const namespaced = resource?.namespaced ?? own?.namespaced === true
    const namespace = namespaced ? (metadata.namespace ?? 'default') : undefined
    const subject =
      resource === undefined
        ? [own!.plural, ...(namespace === undefined ? [] : [namespace]), metadata.name].join('/')
        : objectSubject(resource, namespace, metadata.name)
    const before = known.get(subject)
    if (before !== undefined)
      throw new UsageError(
        before === one.path
          ? `${one.path} holds ${kind} ${metadata.name} twice`
          : `${before} and ${one.path} both hold ${kind} ${metadata.name}`,
        'a comparison needs one of each object',
      )
    known.set(subject, one.path)
    const given = one.value as unknown as KubeObject
    const object =
      namespace === undefined || metadata.namespace !== undefined
        ? given
        : { ...given, metadata: { ...given.metadata, namespace } }
    return {
      key: subject,
      subject,
      object,
      type: resource?.type,
      normal: () =>
        resource === undefined ? object : normalised(resource, { path: one.path, value: object as never }, warnings),
    }
  })
  return { label: besides(path), objects, warnings }
}

/** `web.yaml`, `manifests/`, `-`, `run.json`, `run.json@t=30s`. */
export const readSide = (given: string, reading: Reading): ClusterSide => {
  const instant = /^(.+)@((?:t=)?\d[^@/]*)$/.exec(given)
  const path = instant !== null && statSync(given, { throwIfNoEntry: false }) === undefined ? instant[1]! : given
  const texts = filesOf(path).map((file) => [file, textOf(file)] as const)
  const runs = texts.length === 1 ? readRun(path, texts[0]![1]) : undefined
  const spoken = (side: ClusterSide): ClusterSide =>
    reading.all
      ? side
      : { ...side, objects: side.objects.filter(({ subject }) => !unspoken.has(subject.split('/')[0]!)) }
  if (runs === undefined) {
    if (path !== given)
      throw new UsageError(
        `${path} is no record of a run: it has no instants`,
        'kscn run FILE --reporter json:run.json writes one',
      )
    return spoken(fromManifests(path, texts))
  }
  const run = chooseRun(runs, path, reading.scenario)
  const at = path === given ? run.duration : parseInstant(instant![2]!, given)
  if (at > run.duration)
    throw new UsageError(`${given}: the run ended at t=${run.duration / 1e6}s`, 'name an instant before that')
  const objects = objectsAt(run.history(), at).map(({ subject, resource, object }): ClusterObject => ({
    key: subject,
    subject,
    object,
    type: resource.type,
    normal: () => object,
  }))
  return spoken({ label: given, objects, warnings: [], run: run.hash })
}
