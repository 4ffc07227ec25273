/** The value of one node label by slot, as small integers; -1 where a node lacks it or there is no node. */
export interface TopologyColumn {
  readonly key: string
  ids: Int32Array
  readonly values: Map<string, number>
  /** How many nodes lack the label. */
  missing: number
  /** How many nodes have each value. */
  readonly nodes: number[]
}

export const createTopologyColumn = (key: string, capacity: number): TopologyColumn => ({
  key,
  ids: new Int32Array(capacity).fill(-1),
  values: new Map(),
  missing: 0,
  nodes: [],
})

export const topologyId = (column: TopologyColumn, value: string): number => {
  let id = column.values.get(value)
  if (id === undefined) {
    id = column.values.size
    column.values.set(value, id)
    column.nodes.push(0)
  }
  return id
}
