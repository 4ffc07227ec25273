// The worked example: an operator that turns a Website into a ConfigMap (its pages), a Deployment, a Service and a registered name.
import {
  controllerReference,
  done,
  second,
  type Answer,
  type Controller,
  type Io,
  type KubeObject,
  type Request,
  type Result,
} from 'kscn/controller'
import { childrenOf, nameOf, readyOf, statusOf, type Website } from './website-parts.ts'

export const kind = 'example.com/v1/Website'
export const finalizer = 'example.com/name'
const names = { kind: 'v1/ConfigMap', key: 'kube-public/names' }

type Steps<A> = Generator<Request, A, unknown>

/** A refusal ends the reconcile, and the key comes again with the back-off of the queue. What is gone already is gone as wanted. */
const failed = (answer: Answer<unknown>): answer is Extract<typeof answer, { ok: false }> =>
  !answer.ok && answer.reason !== 'NotFound'

/** Registers the name of a website, or gives it back. */
function* setName(io: Io<Website>, site: Website, host: string | null): Steps<Answer<unknown> | undefined> {
  const held = io.read.get<KubeObject & { readonly data?: Readonly<Record<string, string>> }>(names.kind, names.key)
  if (held === undefined) return undefined
  if ((held.data?.[nameOf(site)] ?? null) === host) return undefined
  return yield* io.write.patch(held, { data: { [nameOf(site)]: host } }, { type: 'merge' })
}

/** Makes a child what it is to be: there, and with the fields that the operator decides. */
function* ensure(io: Io<Website>, site: Website, wanted: KubeObject): Steps<Answer<unknown> | undefined> {
  const found = io.read.get(`${wanted.apiVersion}/${wanted.kind}`, `${site.metadata.namespace}/${wanted.metadata.name}`)
  const { apiVersion: _version, kind: type, metadata, ...fields } = wanted
  if (found === undefined)
    return yield* io.write.create({
      ...wanted,
      metadata: { ...metadata, ownerReferences: [controllerReference(site)] },
    })
  const owner = found.metadata.ownerReferences?.find((one) => one.controller === true)
  if (owner?.uid !== site.metadata.uid) {
    io.event(site, 'Warning', 'NameTaken', `${type} ${found.metadata.name} belongs to somebody else`)
    return { ok: false, code: 409, reason: 'NameTaken', message: `${type} ${found.metadata.name} is taken` }
  }
  const mark = metadata.annotations?.['example.com/checksum']
  if (found.metadata.annotations?.['example.com/checksum'] === mark) return undefined
  return yield* io.write.patch(found, { metadata: { annotations: metadata.annotations }, ...fields })
}

export const website: Controller<Website> = {
  name: 'website',
  reconciles: kind,
  owns: ['v1/ConfigMap', 'apps/v1/Deployment', 'v1/Service'],
  workers: 2,
  requeue: 'housekeeping',

  *reconcile(key, io): Generator<Request, Result, unknown> {
    const site = io.read.get(key)
    if (site === undefined) return done

    if (site.metadata.deletionTimestamp !== undefined) {
      if (site.metadata.finalizers?.includes(finalizer) !== true) return done
      const given = yield* setName(io, site, null)
      if (given !== undefined && failed(given)) return { retry: given.message }
      const finalizers = site.metadata.finalizers.filter((one) => one !== finalizer)
      const released = yield* io.write.patch(
        site,
        { metadata: { finalizers } },
        { type: 'merge', resourceVersion: site.metadata.resourceVersion ?? '' },
      )
      return failed(released) ? { retry: released.message } : done
    }

    // The finalizer stands before the first thing that it is there for: a crash in between leaves nothing behind.
    if (site.metadata.finalizers?.includes(finalizer) !== true) {
      const finalizers = [...(site.metadata.finalizers ?? []), finalizer]
      const marked = yield* io.write.patch(
        site,
        { metadata: { finalizers } },
        { type: 'merge', resourceVersion: site.metadata.resourceVersion ?? '' },
      )
      return failed(marked) ? { retry: marked.message } : done
    }

    const named = yield* setName(io, site, site.spec.host)
    if (named !== undefined && failed(named)) return { retry: named.message }
    for (const child of childrenOf(site)) {
      const made = yield* ensure(io, site, child)
      if (made === undefined || !failed(made)) continue
      // The garbage collector may not have been here yet, or somebody has to make room.
      return made.reason === 'NameTaken' ? { requeueAfter: 10 * second } : { retry: made.message }
    }

    const status = statusOf(site, readyOf(io.read, site), io.timestamp())
    if (status === undefined) return done
    const told = yield* io.write.patchStatus(site, status)
    return failed(told) ? { retry: told.message } : done
  },
}
