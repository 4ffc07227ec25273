import type { PluginFactory } from '../framework.ts'
import type { PodInfo } from '../pod-info.ts'

const mebibyte = 1024 * 1024
const minThreshold = 23 * mebibyte
const maxContainerThreshold = 1000 * mebibyte

/** A name without tag or digest means `:latest`. */
const normalized = (name: string): string => (name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name)

interface Wanted {
  readonly names: readonly string[]
  readonly containers: number
}
const bySpec = new WeakMap<object, Wanted>()

const wantedBy = ({ pod: { spec } }: PodInfo): Wanted => {
  let wanted = bySpec.get(spec)
  if (wanted === undefined) {
    const containers = [...(spec.initContainers ?? []), ...spec.containers]
    const volumes = (spec.volumes ?? []).flatMap((one) => (one.image === undefined ? [] : [one.image.reference ?? '']))
    wanted = {
      names: [...containers.map((one) => one.image ?? ''), ...volumes].map(normalized),
      containers: containers.length,
    }
    bySpec.set(spec, wanted)
  }
  return wanted
}

/** pkg/scheduler/framework/plugins/imagelocality. */
export const imageLocality: PluginFactory = ({ nodes }) => ({
  name: 'ImageLocality',
  score({ pod }, slots, scores) {
    if (!nodes.anyImages) return 'zero'
    const { names, containers } = wantedBy(pod)
    const nodeCount = nodes.order().length
    const maxThreshold = maxContainerThreshold * containers
    for (let at = 0; at < slots.length; at += 1) {
      const { images } = nodes.slots[slots[at]!]!
      if (images.size === 0) continue
      let sum = 0
      for (const name of names) {
        const state = images.get(name)
        if (state !== undefined) sum += Math.trunc(state.size * (state.nodes.size / nodeCount))
      }
      sum = Math.min(Math.max(sum, minThreshold), maxThreshold)
      scores[at] = Math.trunc((100 * (sum - minThreshold)) / (maxThreshold - minThreshold))
    }
    return undefined
  },
})
