import type { Node } from '../../../api/types/core-v1.generated.ts'

/** topology.GetZoneKey: region and zone; the beta labels come first. */
export const zoneKey = (node: Node): string => {
  const labels = node.metadata.labels ?? {}
  const zone = labels['failure-domain.beta.kubernetes.io/zone'] ?? labels['topology.kubernetes.io/zone'] ?? ''
  const region = labels['failure-domain.beta.kubernetes.io/region'] ?? labels['topology.kubernetes.io/region'] ?? ''
  return region === '' && zone === '' ? '' : `${region}:\u0000:${zone}`
}

/**
 * Nodes by zone, in the order of their arrival, and the order in which the scheduler looks at them: the first of each zone,
 * then the second of each, and so on. Mirrors nodeTree (pkg/scheduler/backend/cache/node_tree.go).
 */
export interface NodeTree {
  add(name: string, zone: string): void
  remove(name: string, zone: string): void
  list(): readonly string[]
}

export const createNodeTree = (): NodeTree => {
  // A Map keeps the order of the zones' first appearance; a zone that empties is forgotten, and comes last if it returns.
  const zones = new Map<string, Set<string>>()
  return {
    add(name, zone) {
      const nodes = zones.get(zone)
      if (nodes === undefined) zones.set(zone, new Set([name]))
      else nodes.add(name)
    },
    remove(name, zone) {
      const nodes = zones.get(zone)
      if (nodes === undefined) return
      nodes.delete(name)
      if (nodes.size === 0) zones.delete(zone)
    },
    list() {
      const columns = [...zones.values()].map((nodes) => [...nodes])
      if (columns.length === 1) return columns[0]!
      const names: string[] = []
      for (let row = 0, left = columns.length; left > 0; row += 1) {
        left = 0
        for (const nodes of columns) {
          if (row < nodes.length) names.push(nodes[row]!)
          if (row + 1 < nodes.length) left += 1
        }
      }
      return names
    },
  }
}
