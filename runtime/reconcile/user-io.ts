import type { Kind } from '../../api/kind.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Answer, Call, Io, Where } from './controller.ts'
import type { UserSession } from './user-session.ts'
import { userError, type UserIo } from './user-program.ts'

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const misuse = (message: string): Error => userError(message, { kind: 'misuse', place: undefined })

/** What an author hands over as an object is one, as far as a request about it needs. */
const objectIn = (verb: string, value: unknown, named: boolean): KubeObject => {
  const wants = `\`${verb}\` wants an object with apiVersion, kind and metadata`
  if (!isRecord(value)) throw misuse(`${wants}, and was given ${value === null ? 'null' : typeof value}`)
  const { apiVersion, kind, metadata } = value
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !isRecord(metadata)) throw misuse(wants)
  if (named && typeof metadata['name'] !== 'string') throw misuse(`${wants}.name`)
  return value as unknown as KubeObject
}

const unknownKind = (kind: Kind): Answer<never> => {
  const slash = kind.lastIndexOf('/')
  return {
    ok: false,
    code: 404,
    reason: 'NotFound',
    message: `no matches for kind "${kind.slice(slash + 1)}" in version "${kind.slice(0, slash)}"`,
  }
}

/**
 * The `Io` of `kscn/controller` over that of a built-in controller. What the built-in ones never do is met here: kinds that are not
 * served (a request that finds no server, as a client without a REST mapping), things that are no objects, calls without `yield*`.
 */
export const createUserIo = (io: Io, session: UserSession): UserIo => {
  const call = (verb: string, kind: Kind, make: () => Call<unknown>): Call<unknown> =>
    session.call(verb, kind, io.served(kind) === undefined ? undefined : make, () => unknownKind(kind))
  const about = (verb: string, value: unknown, make: (object: KubeObject) => Call<unknown>): Call<unknown> => {
    const object = objectIn(verb, value, verb !== 'create')
    return call(verb, `${object.apiVersion}/${object.kind}`, () => make(object))
  }
  const asKind = (verb: string, kind: unknown): Kind => {
    if (typeof kind !== 'string' || !/^[^/]+(\/[^/]+){1,2}$/.test(kind))
      throw misuse(`\`${verb}\` wants a kind such as 'apps/v1/Deployment', and was given ${JSON.stringify(kind)}`)
    return kind
  }
  const { read, live, write } = io

  const remove = (first: unknown, second?: unknown, name?: unknown, last?: unknown): Call<unknown> => {
    if (typeof first !== 'string') return about('delete', first, (object) => write.delete(object, second as object))
    const kind = asKind('delete', first)
    if (typeof name !== 'string') throw misuse('`delete` of a kind wants a namespace (or undefined) and a name')
    const slash = kind.lastIndexOf('/')
    const object = {
      apiVersion: kind.slice(0, slash),
      kind: kind.slice(slash + 1),
      metadata: { name, ...(typeof second === 'string' ? { namespace: second } : {}) },
    } as KubeObject
    return call('delete', kind, () => write.delete(object, last as object))
  }

  return {
    read: {
      get: (first: unknown, second?: unknown) =>
        second === undefined
          ? read.get(String(first))
          : read.get(asKind('read.get', first), typeof second === 'string' ? second : ''),
      list: (kind: unknown, where?: Where) => read.list(asKind('read.list', kind), where),
      owned: (kind: unknown, owner: unknown) =>
        read.owned(asKind('read.owned', kind), objectIn('read.owned', owner, true)),
    },
    live: {
      get: (kind: unknown, key: unknown) =>
        call('get', asKind('live.get', kind), () => live.get(kind as Kind, String(key))),
      list: (kind: unknown, where?: Where) =>
        call('list', asKind('live.list', kind), () => live.list(kind as Kind, where)),
    },
    write: {
      create: (object: unknown) => about('create', object, (one) => write.create(one)),
      update: (object: unknown) => about('update', object, (one) => write.update(one)),
      updateStatus: (object: unknown) => about('updateStatus', object, (one) => write.updateStatus(one)),
      patch: (object: unknown, patch: unknown, options?: object) =>
        about('patch', object, (one) => write.patch(one, patch, options)),
      patchStatus: (object: unknown, status: object, lock?: object) =>
        about('patchStatus', object, (one) => write.patchStatus(one, status, lock)),
      delete: remove,
      evict: (pod: unknown, options?: object) => about('evict', pod, (one) => write.evict(one, options)),
    },
    together: (calls: readonly Call<unknown>[]) => io.together(calls),
    event: (object, type, reason, message) =>
      io.event(objectIn('event', object, true), type === 'Warning' ? type : 'Normal', String(reason), String(message)),
    now: () => io.now(),
    timestamp: () => io.timestamp(),
    choose: (label, n) => {
      if (!Number.isInteger(n) || n < 1) throw misuse('`choose` wants a label and how many there are to choose from')
      return io.choose(label, n)
    },
  }
}
