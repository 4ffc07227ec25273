import type { TopologyColumn } from './topology-column.ts'

/** A number by node, and its sums over the domains of the topology keys that somebody asked for, kept up with every change. */
export interface SlotCounter {
  counts: Int32Array
  total: number
  /** Sums by value of a column; dropped when any node's labels change. */
  readonly sums: { readonly column: TopologyColumn; values: Int32Array }[]
}

export const createSlotCounter = (capacity: number): SlotCounter => ({
  counts: new Int32Array(capacity),
  total: 0,
  sums: [],
})

const grown = (values: Int32Array, atLeast: number): Int32Array => {
  const larger = new Int32Array(Math.max(atLeast, values.length * 2, 8))
  larger.set(values)
  return larger
}

export const count = (counter: SlotCounter, slot: number, delta: number): void => {
  if (slot >= counter.counts.length) counter.counts = grown(counter.counts, slot + 1)
  counter.counts[slot]! += delta
  counter.total += delta
  for (const sum of counter.sums) {
    const id = sum.column.ids[slot]!
    if (id < 0) continue
    if (id >= sum.values.length) sum.values = grown(sum.values, id + 1)
    sum.values[id]! += delta
  }
}

/** Sums over the nodes that have the column's label, by the label's value. */
export const domainSums = (counter: SlotCounter, column: TopologyColumn): Int32Array => {
  for (const sum of counter.sums) if (sum.column === column) return sum.values
  const values = new Int32Array(Math.max(column.values.size, 8))
  const { counts } = counter
  const { ids } = column
  const size = Math.min(counts.length, ids.length)
  for (let slot = 0; slot < size; slot += 1) {
    const id = ids[slot]!
    if (id >= 0) values[id]! += counts[slot]!
  }
  counter.sums.push({ column, values })
  return values
}
