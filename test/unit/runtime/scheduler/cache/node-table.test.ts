import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Node, Pod } from '../../../../../api/types/core-v1.generated.ts'
import { createNodeTable } from '../../../../../runtime/scheduler/cache/node-table.ts'
import { domainSums } from '../../../../../runtime/scheduler/cache/slot-counter.ts'
import { podInfo, type PodInfo } from '../../../../../runtime/scheduler/pod-info.ts'
import { aNode, aPod } from '../fake-api.ts'

const zoned = (name: string, zone: string | undefined): Node =>
  aNode(name, '4', {
    metadata: { name, uid: name, labels: zone === undefined ? {} : { 'topology.kubernetes.io/zone': zone } },
  }) as Node

const labelled = (name: string, app: string): PodInfo =>
  podInfo({ ...(aPod(name, '100m') as Pod), metadata: { ...(aPod(name, '100m') as Pod).metadata, labels: { app } } })

const web = { text: 'web', namespace: 'default', matches: (pod: PodInfo) => pod.labels?.['app'] === 'web' }

describe('the table of nodes', () => {
  it('counts by node and by domain what a recount finds, whatever comes and goes', () => {
    const operation = fc.record({
      what: fc.constantFrom('node', 'node', 'remove-node', 'pod', 'pod', 'pod', 'remove-pod'),
      node: fc.nat(4),
      zone: fc.constantFrom('a', 'b', undefined),
      app: fc.constantFrom('web', 'db'),
    })
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 50 }), (operations) => {
        const table = createNodeTable()
        const zones = new Map<string, string | undefined>()
        const placed: { pod: PodInfo; node: string }[] = []
        operations.forEach(({ what, node, zone, app }, at) => {
          const name = `n${node}`
          if (what === 'node') {
            table.setNode(zoned(name, zone))
            zones.set(name, zone)
          } else if (what === 'remove-node') {
            table.removeNode(name)
            zones.delete(name)
          } else if (what === 'pod') {
            const pod = labelled(`p${at}`, app)
            table.addPod(name, pod)
            placed.push({ pod, node: name })
          } else {
            const one = placed.splice(at % Math.max(placed.length, 1), 1)[0]
            if (one !== undefined) table.removePod(one.node, one.pod)
          }
          const column = table.topology('topology.kubernetes.io/zone')
          const counter = table.podCounter(web)
          const sums = domainSums(counter, column)
          expect([...table.order()].map((slot) => table.slots[slot]!.name).sort()).toEqual([...zones.keys()].sort())
          for (const value of ['a', 'b']) {
            const expected = placed.filter(
              (one) => one.pod.labels?.['app'] === 'web' && zones.get(one.node) === value,
            ).length
            const id = column.values.get(value)
            expect(id === undefined ? 0 : (sums[id] ?? 0)).toBe(expected)
          }
          expect(column.missing).toBe([...zones.values()].filter((one) => one === undefined).length)
          for (const known of zones.keys()) {
            const slot = table.slotOf(known)!
            const here = placed.filter((one) => one.node === known)
            expect(table.columns.podCount[slot]).toBe(here.length)
            expect(table.columns.requestedCpu[slot]).toBe(here.length * 100)
            expect(counter.counts[slot] ?? 0).toBe(here.filter((one) => one.pod.labels?.['app'] === 'web').length)
          }
        })
      }),
    )
  })

  it('looks at the first node of each zone before the second of any', () => {
    const table = createNodeTable()
    for (const [name, zone] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['a3', 'a'],
      ['b1', 'b'],
      ['c1', 'c'],
      ['c2', 'c'],
    ] as const) {
      table.setNode(zoned(name, zone))
    }
    expect([...table.order()].map((slot) => table.slots[slot]!.name)).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3'])
  })

  it('says so when a pod is taken off a node on which it is not', () => {
    const table = createNodeTable()
    table.setNode(zoned('n', 'a'))
    expect(() => table.removePod('n', labelled('p', 'web'))).toThrow('cannot be taken off')
    expect(() => table.removePod('unknown', labelled('p', 'web'))).toThrow('not known')
  })
})
