import { canonicalImage, imageReference } from '../../api/images/image-reference.ts'
import type { RegistrySpec } from '../../dsl/plan/cluster-spec.ts'
import type { Engine } from '../container-runtime/engines/engine.ts'
import { knownAs } from '../container-runtime/known-as.ts'
import type { PullRefusal } from '../container-runtime/pull-refusal.ts'
import type { PullOutcome, RuntimeBehavior } from '../container-runtime/runtime-behavior.ts'
import { transferTime } from '../container-runtime/transfer-time.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import type { DiskImage, DiskLayer, Machine } from '../node/machine.ts'
import { createRegistry, type Registry } from './create-registry.ts'

/** The image registries that the nodes of a cluster pull from. */
export interface Registries {
  /** By a registry's name or host, or `*` for all of them. Returns how to heal it. */
  disturb(name: string, trouble: RegistryTrouble): () => void
  /** A node's behaviour, with the registries in its pulls. */
  over(behavior: RuntimeBehavior, node: PullingNode): RuntimeBehavior
}

export type RegistryTrouble = { readonly kind: 'down' } | { readonly kind: 'slow'; readonly by: Micros }

export interface PullingNode {
  readonly machine: Pick<Machine, 'disk' | 'spec' | 'subscribe'>
  readonly engine: Engine
}

export const createRegistries = (kernel: Pick<Kernel, 'now'>, specs: readonly RegistrySpec[]): Registries => {
  const registries = new Map<string, Registry>()
  for (const spec of specs) registries.set(spec.host, createRegistry(spec))
  const troubles = new Set<{ readonly host: string; readonly trouble: RegistryTrouble }>()

  const met = (host: string): readonly RegistryTrouble[] => {
    if (troubles.size === 0) return none
    return [...troubles].filter((one) => one.host === host || one.host === '*').map((one) => one.trouble)
  }

  return {
    disturb(name, trouble) {
      const one = { host: specs.find((spec) => spec.name === name)?.host ?? name, trouble }
      troubles.add(one)
      return () => troubles.delete(one)
    },
    over(behavior, { machine, engine }) {
      const { disk, spec } = machine
      /** Layers on their way, and when they will be there: who wants them too waits for them. */
      const flights = new Map<string, Micros>()
      machine.subscribe(() => flights.clear())

      /** What was on the disk from the start has the layers that its registry tells of. */
      const layersIn = (name: string, { layers }: DiskImage): { readonly layers?: readonly DiskLayer[] } => {
        if (layers !== undefined) return { layers }
        const reference = imageReference(name)
        const told = registries.get(reference.host)?.layers(reference)
        return told === undefined ? {} : { layers: told }
      }
      const onDisk = (digest: string): boolean => {
        for (const [name, image] of disk.images)
          if (layersIn(name, image).layers?.some((one) => one.digest === digest) === true) return true
        return false
      }

      /** When the missing layers are there, if their transfer takes so long for so many bytes. */
      const fetch = (layers: readonly DiskLayer[], answered: Micros, takes: (bytes: number) => Micros): Micros => {
        const missing: DiskLayer[] = []
        let until = answered
        for (const layer of layers) {
          const flight = flights.get(layer.digest)
          if (flight !== undefined && flight > kernel.now) until = Math.max(until, flight)
          else if (!onDisk(layer.digest)) missing.push(layer)
        }
        if (missing.length > 0) {
          until = Math.max(until, answered + takes(missing.reduce((sum, one) => sum + one.size, 0)))
          for (const one of missing) flights.set(one.digest, until)
        }
        return until
      }

      const pull: RuntimeBehavior['pull'] = (image, pod, credentials): PullOutcome => {
        const reference = imageReference(image)
        const troubled = met(reference.host)
        const refused = (why: PullRefusal['why'], after: Micros): PullOutcome => {
          const { takes, error } = engine.refusal({ reference, why, loggedIn: credentials !== undefined })
          return { takes: after + takes, size: 0, error }
        }
        if (troubled.some((one) => one.kind === 'down')) return refused('unreachable', 0)
        const registry = registries.get(reference.host)
        const slowness = troubled.reduce((sum, one) => sum + (one.kind === 'slow' ? one.by : 0), 0)
        const answer = slowness + (registry?.latency ?? 0)
        const planned = behavior.pull(image, pod, credentials)
        if (planned.error !== undefined) return { ...planned, takes: answer + planned.takes }
        const why = registry?.refuses(reference, credentials)
        if (why !== undefined) return refused(why, answer)
        const present = disk.images.get(knownAs(disk.images, image, engine))
        // Only what the tag stands for is asked for, and it stands for what is there.
        if (present !== undefined) return { takes: answer, size: present.size, ...layersIn(image, present) }
        if (registry?.admits(kernel.now, credentials) === false) return refused('too many requests', answer)
        // What a behaviour says of an image's size counts more than what its registry says.
        const told = planned.said === 'size' ? undefined : registry?.layers(reference)
        const layers = told ?? [{ digest: canonicalImage(reference), size: planned.size }]
        const bandwidth = Math.min(spec.bandwidth, registry?.bandwidth ?? Number.POSITIVE_INFINITY)
        const bySize = registry !== undefined && planned.said !== 'time'
        const until = fetch(layers, kernel.now + answer, (bytes) =>
          bySize ? transferTime(bytes, bandwidth) : planned.takes,
        )
        const size = layers.reduce((sum, one) => sum + one.size, 0)
        return { takes: until - kernel.now, size, ...(told === undefined ? {} : { layers: told }) }
      }
      return { ...behavior, pull }
    },
  }
}

const none: readonly never[] = Object.freeze([])
