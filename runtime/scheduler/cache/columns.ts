/** Numbers of all nodes, by slot. Doubles hold integers exactly up to 2^53. */
export interface Columns {
  capacity: number
  allocatableCpu: Float64Array
  allocatableMemory: Float64Array
  allocatableEphemeral: Float64Array
  allocatablePods: Float64Array
  requestedCpu: Float64Array
  requestedMemory: Float64Array
  requestedEphemeral: Float64Array
  nonZeroCpu: Float64Array
  nonZeroMemory: Float64Array
  podCount: Int32Array
  /** 1: spec.unschedulable. */
  cordoned: Uint8Array
  /** Which set of taints a node has: index into the table's `taintSets`; 0 is none. */
  taints: Int32Array
}

const doubles = [
  'allocatableCpu',
  'allocatableMemory',
  'allocatableEphemeral',
  'allocatablePods',
  'requestedCpu',
  'requestedMemory',
  'requestedEphemeral',
  'nonZeroCpu',
  'nonZeroMemory',
] as const

export const createColumns = (capacity: number): Columns => ({
  capacity,
  allocatableCpu: new Float64Array(capacity),
  allocatableMemory: new Float64Array(capacity),
  allocatableEphemeral: new Float64Array(capacity),
  allocatablePods: new Float64Array(capacity),
  requestedCpu: new Float64Array(capacity),
  requestedMemory: new Float64Array(capacity),
  requestedEphemeral: new Float64Array(capacity),
  nonZeroCpu: new Float64Array(capacity),
  nonZeroMemory: new Float64Array(capacity),
  podCount: new Int32Array(capacity),
  cordoned: new Uint8Array(capacity),
  taints: new Int32Array(capacity),
})

/** Doubles the room in place. */
export const growColumns = (columns: Columns): void => {
  const larger = createColumns(columns.capacity * 2)
  for (const name of doubles) larger[name].set(columns[name])
  larger.podCount.set(columns.podCount)
  larger.cordoned.set(columns.cordoned)
  larger.taints.set(columns.taints)
  Object.assign(columns, larger)
}
