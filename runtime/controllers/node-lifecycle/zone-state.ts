import type { Node } from '../../../api/types/core-v1.generated.ts'

export type ZoneState = 'Initial' | 'Normal' | 'FullDisruption' | 'PartialDisruption'

/** component-helpers GetZoneKey: region and zone. */
export const zoneOf = (node: Node): string => {
  const labels = node.metadata.labels ?? {}
  const zone = labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? ''
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? ''
  return region === '' && zone === '' ? '' : `${region}:\u0000:${zone}`
}

/** ComputeZoneState. */
export const zoneState = (ready: number, notReady: number, threshold: number): ZoneState => {
  if (ready === 0 && notReady > 0) return 'FullDisruption'
  if (notReady > 2 && Math.fround(notReady) / Math.fround(notReady + ready) >= threshold) return 'PartialDisruption'
  return 'Normal'
}
