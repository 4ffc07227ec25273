// The same operator with the mistake that operators make most: what its finalizer is there for is done before the finalizer stands.
// When it dies in between and the Website goes meanwhile, nobody is left who would give the name back.
import { done, type Controller, type Request, type Result } from 'kscn/controller'
import { kind } from './website.ts'
import { nameOf, type Website } from './website-parts.ts'

const finalizer = 'example.com/name'

export const hasty: Controller<Website> = {
  name: 'hasty',
  reconciles: kind,

  *reconcile(key, io): Generator<Request, Result, unknown> {
    const site = io.read.get(key)
    const names = io.read.get('v1/ConfigMap', 'kube-public/names')
    if (site === undefined || names === undefined) return done
    const lock = { type: 'merge', resourceVersion: site.metadata.resourceVersion ?? '' } as const
    const marked = site.metadata.finalizers?.includes(finalizer) === true

    if (site.metadata.deletionTimestamp !== undefined) {
      if (!marked) return done
      const given = yield* io.write.patch(names, { data: { [nameOf(site)]: null } }, { type: 'merge' })
      if (!given.ok) return { retry: given.message }
      const finalizers = site.metadata.finalizers?.filter((one) => one !== finalizer)
      const released = yield* io.write.patch(site, { metadata: { finalizers } }, lock)
      return released.ok || released.reason === 'NotFound' ? done : { retry: released.message }
    }
    if (marked) return done
    const named = yield* io.write.patch(names, { data: { [nameOf(site)]: site.spec.host } }, { type: 'merge' })
    if (!named.ok) return { retry: named.message }
    const finalizers = [...(site.metadata.finalizers ?? []), finalizer]
    const set = yield* io.write.patch(site, { metadata: { finalizers } }, lock)
    return set.ok || set.reason === 'NotFound' ? done : { retry: set.message }
  },
}
