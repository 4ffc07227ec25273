/**
 * Which of the feasible nodes is taken: the root that Go's container/heap leaves after Init over the list, most score first
 * (newSortedNodeScores, pkg/scheduler/schedule_one.go). Equal scores keep their places, so a tie is decided by position.
 */
export const selectHost = (totals: Float64Array): number => {
  const size = totals.length
  const heap = new Int32Array(size)
  for (let at = 1; at < size; at += 1) heap[at] = at
  for (let start = (size >> 1) - 1; start >= 0; start -= 1) {
    let at = start
    for (;;) {
      const left = 2 * at + 1
      if (left >= size) break
      let child = left
      const right = left + 1
      if (right < size && totals[heap[right]!]! > totals[heap[left]!]!) child = right
      if (!(totals[heap[child]!]! > totals[heap[at]!]!)) break
      const moved = heap[at]!
      heap[at] = heap[child]!
      heap[child] = moved
      at = child
    }
  }
  return heap[0]!
}
