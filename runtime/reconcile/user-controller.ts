import type { Key, Kind } from '../../api/kind.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import { keyOf } from '../client/object-key.ts'
import type { CacheEvent, Controller, Io, Loop, Result } from './controller.ts'
import type { UserConduct } from './user-conduct.ts'
import { second } from '../kernel/micros.ts'
import { sleeping } from './forked-request.ts'
import { createUserIo } from './user-io.ts'
import { createUserSession, type UserSession } from './user-session.ts'
import { userError, type UserDefinition } from './user-program.ts'

const isKind = (value: unknown): value is Kind => typeof value === 'string' && /^[^/\s]+(\/[^/\s]+){1,2}$/.test(value)
const isKinds = (value: unknown): value is readonly Kind[] => Array.isArray(value) && value.every(isKind)
const isMicros = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0

/** What is wrong with a definition: a sentence for its author. */
export const definitionTrouble = (one: UserDefinition): string | undefined => {
  if (one.reconcile === undefined)
    return '`reconcile` is no generator function: write `*reconcile(key, io) { … }`, or use `fromAsync`'
  if (!isKind(one.reconciles)) return "`reconciles` wants a kind, such as 'apps/v1/Deployment'"
  for (const key of ['owns', 'reads'] as const)
    if (one[key] !== undefined && !isKinds(one[key])) return `\`${key}\` wants a list of kinds, such as ['v1/Pod']`
  const { watches, workers, resync, backoff, requeue } = one
  const handlers = typeof watches === 'object' && watches !== null ? Object.entries(watches) : []
  if (watches !== undefined && (typeof watches !== 'object' || watches === null))
    return "`watches` wants functions by kind: { 'v1/Node': (node) => [keys] }"
  if (handlers.some(([kind, handler]) => !isKind(kind) || typeof handler !== 'function'))
    return "`watches` wants functions by kind: { 'v1/Node': (node) => [keys] }"
  if (one.when !== undefined && typeof one.when !== 'function') return '`when` wants a function of an event'
  if (workers !== undefined && !isMicros(workers)) return '`workers` wants a number of workers, from 1 on'
  if (resync !== undefined && !isMicros(resync))
    return '`resync` wants a time in whole microseconds, such as 10 * 60 * second'
  const waits = backoff as { readonly base?: unknown; readonly max?: unknown } | undefined
  if (waits !== undefined && (!isMicros(waits?.base) || !isMicros(waits?.max)))
    return '`backoff` wants { base, max } in whole microseconds'
  if (requeue !== undefined && requeue !== 'progress' && requeue !== 'housekeeping')
    return '`requeue` is `progress` or `housekeeping`'
  return undefined
}

/** What a reconcile returned, if it says something. */
const resultOf = (value: unknown): Result => {
  if (value === undefined || value === 'done') return 'done'
  const { requeueAfter, retry } = (typeof value === 'object' ? value : {}) as {
    readonly requeueAfter?: unknown
    readonly retry?: unknown
  }
  if (Number.isSafeInteger(requeueAfter) && (requeueAfter as number) >= 0)
    return { requeueAfter: requeueAfter as number }
  if (typeof retry === 'string') return { retry }
  throw userError('it returned what is no result: `done`, { requeueAfter: microseconds } or { retry: reason }', {
    kind: 'misuse',
    place: undefined,
  })
}

/** The author's code, each yield looked at. */
function* relayed(
  code: Generator<unknown, unknown, unknown>,
  session: UserSession,
): Generator<ApiRequest, Result, unknown> {
  let step = code.next()
  while (step.done !== true) step = code.next(yield session.request(step.value))
  return resultOf(step.value)
}

const resyncOf = (period: number, kind: Kind): Loop => ({
  name: 'resync',
  first: period,
  every: period,

  *run(io) {
    for (const object of io.read.list(kind)) io.requeue(keyOf(object), 0)
  },
})

/** A user's controller on the contract of the built-in ones. Its definition has been found to be one. */
export const createUserController = (definition: UserDefinition, conduct: UserConduct): Controller => {
  const reconciles = definition.reconciles as Kind
  const watches = (definition.watches ?? {}) as Readonly<Record<Kind, unknown>>
  const resync = definition.resync as number | undefined
  const owns = new Set((definition.owns ?? []) as readonly Kind[])
  const keys = (kind: Kind, object: KubeObject, io: { readonly read: unknown }): readonly Key[] => {
    try {
      const asked = definition.keysOf(kind, object, io.read)
      return Array.isArray(asked) ? asked.filter((one): one is Key => typeof one === 'string') : []
    } catch (error) {
      conduct.threw(`\`watches\` of ${kind}`, error)
      return []
    }
  }
  return {
    name: definition.name,
    reconciles,
    ...(definition.owns === undefined ? {} : { owns: definition.owns as readonly Kind[] }),
    ...(definition.reads === undefined ? {} : { reads: definition.reads as readonly Kind[] }),
    watches: Object.fromEntries(
      Object.keys(watches).map((kind) => [
        kind,
        (object: KubeObject, io: { readonly read: unknown }) => keys(kind, object, io),
      ]),
    ),
    when(event: CacheEvent) {
      if (definition.when === undefined) return true
      try {
        return definition.queues(event)
      } catch (error) {
        conduct.threw('`when`', error)
        return true
      }
    },
    workers: (definition.workers as number | undefined) ?? 1,
    ...(definition.backoff === undefined ? {} : { backoff: definition.backoff as { base: number; max: number } }),
    requeueTag: (definition.requeue as 'progress' | 'housekeeping' | undefined) ?? 'progress',
    ...(resync === undefined ? {} : { loops: [resyncOf(resync, reconciles)] }),
    *reconcile(key, io: Io) {
      // What is stopped in the next event does nothing until then.
      if (!conduct.began(key)) yield* sleeping(second)
      const session = createUserSession({
        now: () => io.now(),
        wrote: (write) => conduct.wrote(write),
        touched(what, object) {
          const owner = object.metadata?.ownerReferences?.find((one) => one.controller === true)
          const kind = owner === undefined ? reconciles : `${owner.apiVersion}/${owner.kind}`
          if (owner !== undefined && kind !== reconciles && owns.has(`${object.apiVersion}/${object.kind}`))
            conduct.took(what, `${owner.kind} ${owner.name}`, reconciles)
        },
      })
      try {
        const result = yield* relayed(definition.reconcile!(key, createUserIo(io, session)), session)
        conduct.returned(key, session, result)
        return result
      } catch (error) {
        conduct.failed(key, session, error)
        throw error
      }
    },
  }
}
