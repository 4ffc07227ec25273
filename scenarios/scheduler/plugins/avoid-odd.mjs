/** Keeps pods off the nodes whose label rack is odd, and likes high racks. */
export default function AvoidOdd({ nodes }) {
  const rackOf = (slot) => Number(nodes.slots[slot].node.metadata.labels.rack ?? 0)
  return {
    name: 'AvoidOdd',
    filter: (_cycle, slot) =>
      rackOf(slot) % 2 === 1 ? { code: 'Unschedulable', reasons: ['node(s) stood in an odd rack'] } : undefined,
    score(_cycle, slots, scores) {
      slots.forEach((slot, at) => {
        scores[at] = Math.min(rackOf(slot) * 10, 100)
      })
    },
  }
}
