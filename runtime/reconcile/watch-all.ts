import type { Kind } from '../../api/kind.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { second, type Micros } from '../kernel/micros.ts'

/** How kube-controller-manager asks discovery for new kinds: garbagecollector.Sync in cmd/kube-controller-manager/app/core.go. */
const discoveryPeriod: Micros = 30 * second
const definitionsKind: Kind = 'apiextensions.k8s.io/v1/CustomResourceDefinition'

export interface WatchAllOptions {
  readonly kernel: Kernel
  readonly actor: Actor
  readonly scheme: () => Scheme
  /** Watches a kind from now on; `changed` is told of each event on it. */
  readonly watch: (kind: Kind, changed?: () => void) => void
}

/**
 * Watches every kind that can be listed, watched and deleted. Kinds that come later are noticed when discovery is asked next; it is
 * asked only after a definition has changed, since without one there is nothing to find.
 */
export const watchAllKinds = ({ kernel, actor, scheme, watch }: WatchAllOptions): void => {
  const watched = new Set<Kind>()
  const phase = kernel.now
  let asked = false

  const discover = (): void => {
    asked = false
    for (const resource of scheme().resources) {
      if (watched.has(resource.id)) continue
      if (!['list', 'watch', 'delete'].every((verb) => resource.verbs.includes(verb))) continue
      watched.add(resource.id)
      watch(resource.id, resource.id === definitionsKind ? definitionsChanged : undefined)
    }
  }
  function definitionsChanged(): void {
    if (asked) return
    asked = true
    const next = phase + Math.ceil((kernel.now - phase) / discoveryPeriod) * discoveryPeriod
    kernel.at(Math.max(next, kernel.now), actor, discover, {
      tag: 'housekeeping',
      label: `${actor.name} asks discovery for new kinds`,
    })
  }
  discover()
}
