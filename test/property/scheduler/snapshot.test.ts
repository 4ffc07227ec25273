import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'
import { createNodeTable, type NodeTable } from '../../../runtime/scheduler/cache/node-table.ts'
import { domainSums } from '../../../runtime/scheduler/cache/slot-counter.ts'
import { podInfo, type PodInfo } from '../../../runtime/scheduler/pod-info.ts'
import { drawnNode, drawnPod, hostKey, podOf, zoneKey } from './clusters.ts'
import { tableOf } from './world.ts'

const names = ['n0', 'n1', 'n2', 'n3'] as const
// Drawn once: what varies from sequence to sequence is what happens to whom, in which order.
const somePods = fc.sample(drawnPod, 40)
const someNodes = names.map((name) => fc.sample(drawnNode(name), 6))
const event = fc.record({
  what: fc.constantFrom('node', 'node', 'node', 'remove-node', 'pod', 'pod', 'pod', 'pod', 'remove-pod', 'change-pod'),
  on: fc.nat(names.length - 1),
  which: fc.nat(39),
})

const web = { text: 'web', namespace: 'default', matches: (pod: PodInfo) => pod.labels?.['app'] === 'web' }
const termKinds = ['requiredAffinity', 'requiredAntiAffinity', 'preferredAffinity', 'preferredAntiAffinity'] as const

/** All that a table knows of its nodes, by name: where a node lies in it is nobody's business. */
const seen = (table: NodeTable): unknown => {
  const { columns } = table
  const counter = table.podCounter(web)
  const sums = (key: string): readonly (readonly [string, number])[] => {
    const column = table.topology(key)
    const values = domainSums(counter, column)
    return [...column.values]
      .flatMap(([value, id]) => ((column.nodes[id] ?? 0) === 0 ? [] : [[value, values[id] ?? 0] as const]))
      .sort()
  }
  const nodes = Array.from(table.order(), (slot) => {
    const node = table.slots[slot]!
    return {
      name: node.name,
      node: node.node,
      pods: node.pods.map((one) => one.key).sort(),
      ports: [...node.ports].sort(),
      images: [...node.images].map(([name, { size, nodes: where }]) => [name, size, [...where].sort()]).sort(),
      scalars: [...node.requestedScalars].filter(([, amount]) => amount !== 0),
      taints: table.taintSets[columns.taints[slot]!],
      zone: table.topology(zoneKey).ids[slot] === -1,
      web: counter.counts[slot] ?? 0,
      columns: (
        ['allocatableCpu', 'allocatableMemory', 'allocatablePods', 'requestedCpu', 'requestedMemory', 'nonZeroCpu', 'nonZeroMemory', 'podCount', 'cordoned'] as const
      ).map((name) => columns[name][slot]),
    }
  }).sort((a, b) => (a.name < b.name ? -1 : 1)) // prettier-ignore
  const terms = termKinds.map((kind) =>
    [...table.placedTerms(kind)]
      .map(([text, { counter: own }]) => [
        text,
        Array.from(table.order(), (slot) => [table.slots[slot]!.name, own.counts[slot] ?? 0]).sort(),
      ])
      .sort(),
  )
  return { nodes, zones: sums(zoneKey), hosts: sums(hostKey), terms, images: table.anyImages }
}

/** The changes one by one, with questions in between: an index that exists has to be kept. */
const played = (
  events: readonly (typeof event extends fc.Arbitrary<infer A> ? A : never)[],
): { readonly kept: NodeTable; readonly nodes: readonly Node[]; readonly pods: readonly Pod[] } => {
  const kept = createNodeTable()
  const nodes = new Map<string, Node>()
  const pods: Pod[] = []
  const portTaken = (pod: Pod, but?: Pod): boolean => {
    const port = pod.spec.containers[0]?.ports?.[0]?.hostPort
    return (
      port !== undefined &&
      pods.some(
        (one) =>
          one !== but &&
          one.spec.nodeName === pod.spec.nodeName &&
          one.spec.containers[0]?.ports?.[0]?.hostPort === port,
      )
    )
  }
  events.forEach(({ what, on, which }, at) => {
    const name = names[on]!
    const drawn = somePods[which]!
    if (what === 'node') {
      const node = someNodes[on]![which % 6]!
      kept.setNode(node)
      nodes.set(name, node)
    } else if (what === 'remove-node') {
      kept.removeNode(name)
      nodes.delete(name)
    } else if (what === 'pod') {
      const pod = podOf(`p${at}`, name, drawn)
      if (portTaken(pod)) return
      kept.addPod(name, podInfo(pod))
      pods.push(pod)
    } else if (pods.length > 0) {
      const index = which % pods.length
      const before = pods[index]!
      if (what === 'remove-pod') {
        kept.removePod(before.spec.nodeName!, podInfo(before))
        pods.splice(index, 1)
      } else {
        const pod = podOf(before.metadata.name, before.spec.nodeName, drawn)
        if (portTaken(pod, before)) return
        kept.replacePod(before.spec.nodeName!, podInfo(before), podInfo(pod))
        pods[index] = pod
      }
    }
    if (at % 3 === 0) {
      domainSums(kept.podCounter(web), kept.topology(zoneKey))
      kept.order()
    }
  })
  return { kept, nodes: [...nodes.values()], pods }
}

describe('the snapshot', () => {
  it('kept up event by event is the one built anew, after any of 10,000 sequences', () => {
    let events = 0
    fc.assert(
      fc.property(fc.array(event, { maxLength: 14 }), (sequence) => {
        events += sequence.length
        const { kept, nodes, pods } = played(sequence)
        expect(JSON.stringify(seen(kept))).toBe(JSON.stringify(seen(tableOf(nodes, pods))))
      }),
      { numRuns: 10_000 },
    )
    expect(events).toBeGreaterThan(30_000)
  })
})
