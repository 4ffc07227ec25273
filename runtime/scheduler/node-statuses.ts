import type { Status } from './status.ts'

/**
 * Verdicts by node, in the order in which they came (framework.NodeToStatus). An attempt on a full cluster has one for every
 * node, most of them the same object: they lie in two lists, and are looked up only by who asks for one.
 */
export interface NodeStatuses {
  readonly size: number
  /** A second verdict on a node replaces the first. */
  set(slot: number, status: Status): void
  get(slot: number): Status | undefined
  slotAt(index: number): number
  statusAt(index: number): Status
  /** How many nodes each verdict is for. */
  counts(): ReadonlyMap<Status, number>
}

export const createNodeStatuses = (): NodeStatuses => {
  const slots: number[] = []
  const statuses: Status[] = []
  let places: Map<number, number> | undefined
  const placeOf = (slot: number): number | undefined => {
    if (places === undefined) {
      places = new Map()
      for (let index = 0; index < slots.length; index += 1) places.set(slots[index]!, index)
    }
    return places.get(slot)
  }
  const kept = {
    size: 0,
    set(slot: number, status: Status) {
      // A search looks at each node once. Only the nominated node, which was looked at before, comes twice.
      const place = places !== undefined ? places.get(slot) : slots[0] === slot ? 0 : undefined
      if (place !== undefined) {
        statuses[place] = status
        return
      }
      places?.set(slot, slots.length)
      slots.push(slot)
      statuses.push(status)
      kept.size = slots.length
    },
    get(slot: number) {
      const place = placeOf(slot)
      return place === undefined ? undefined : statuses[place]
    },
    slotAt: (index: number) => slots[index]!,
    statusAt: (index: number) => statuses[index]!,
    counts() {
      const counts = new Map<Status, number>()
      for (let index = 0; index < statuses.length;) {
        const status = statuses[index]!
        let run = 1
        while (statuses[index + run] === status) run += 1
        counts.set(status, (counts.get(status) ?? 0) + run)
        index += run
      }
      return counts
    },
  }
  return kept
}
