import { createCacheView, type CacheTap, type CacheView } from '../client/cache-view.ts'
import type { Transport } from '../client/transport.ts'

/** The processes whose caches a scenario looks into. Nothing is kept of the others. */
export interface CacheViews {
  /** A process's new connection, under which its reflectors begin anew. */
  connected(actor: string, transport: Transport): Transport
  of(component: string): CacheView | undefined
}

/** Components by the names of scenarios, and the actor in whose process each runs. */
const actorOf = (component: string, isProcess: (actor: string) => boolean): string => {
  if (component === 'scheduler') return 'kube-scheduler'
  if (component === 'controller-manager') return 'kube-controller-manager'
  // The controllers of one process share its informers; a controller of the user's is a process of its own.
  if (component.startsWith('controller/') && !isProcess(component)) return 'kube-controller-manager'
  return component
}

export const createCacheViews = (wanted: boolean): CacheViews => {
  const views = new Map<string, CacheView & CacheTap>()
  return {
    connected(actor, transport) {
      if (!wanted) return transport
      const view = views.get(actor) ?? createCacheView()
      views.set(actor, view)
      view.clear()
      return {
        ...transport,
        caches: view,
        close() {
          view.clear()
          transport.close()
        },
      }
    },
    of: (component) => views.get(actorOf(component, (actor) => views.has(actor))),
  }
}
