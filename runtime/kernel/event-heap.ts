import type { Timer } from './timer.ts'

const before = (a: Timer, b: Timer): boolean => {
  if (a.at !== b.at) return a.at < b.at
  if (a.order !== b.order) return a.order < b.order
  return a.sequence < b.sequence
}

/** A binary heap of timers, least (time, actor, sequence) first. Cancelled timers stay until they come to the top. */
export interface EventHeap {
  push(timer: Timer): void
  peek(): Timer | undefined
  pop(): Timer | undefined
  /** The timers in no particular order, cancelled ones included. */
  all(): readonly Timer[]
}

export const createEventHeap = (): EventHeap => {
  const items: Timer[] = []

  const sink = (timer: Timer): void => {
    const size = items.length
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      if (child + 1 < size && before(items[child + 1]!, items[child]!)) child += 1
      if (!before(items[child]!, timer)) break
      items[at] = items[child]!
      at = child
    }
    items[at] = timer
  }

  const pop = (): Timer | undefined => {
    const top = items[0]
    const last = items.pop()
    if (last !== undefined && items.length > 0) sink(last)
    return top
  }

  const dropCancelled = (): void => {
    while (items.length > 0 && items[0]!.run === undefined) pop()
  }

  return {
    push(timer) {
      let at = items.length
      items.push(timer)
      while (at > 0) {
        const parent = (at - 1) >> 1
        if (!before(timer, items[parent]!)) break
        items[at] = items[parent]!
        at = parent
      }
      items[at] = timer
    },
    peek() {
      dropCancelled()
      return items[0]
    },
    pop() {
      dropCancelled()
      return pop()
    },
    all: () => items,
  }
}
