import type { QueuedPod } from './queued-pod.ts'

/** A binary heap of pods that knows where each of them is. */
export interface PodHeap {
  readonly size: number
  push(pod: QueuedPod): void
  peek(): QueuedPod | undefined
  pop(): QueuedPod | undefined
  remove(pod: QueuedPod): void
  /** What decides its place has changed. */
  update(pod: QueuedPod): void
  /** In no particular order. */
  all(): readonly QueuedPod[]
}

export const createPodHeap = (before: (a: QueuedPod, b: QueuedPod) => boolean): PodHeap => {
  const items: QueuedPod[] = []
  const put = (pod: QueuedPod, at: number): void => {
    items[at] = pod
    pod.index = at
  }
  const rise = (pod: QueuedPod, from: number): void => {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(pod, items[parent]!)) break
      put(items[parent]!, at)
      at = parent
    }
    put(pod, at)
  }
  const sink = (pod: QueuedPod, from: number): void => {
    let at = from
    for (;;) {
      let child = 2 * at + 1
      if (child >= items.length) break
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child += 1
      if (!before(items[child]!, pod)) break
      put(items[child]!, at)
      at = child
    }
    put(pod, at)
  }
  const remove = (pod: QueuedPod): void => {
    const at = pod.index
    const last = items.pop()!
    pod.index = -1
    if (last === pod) return
    sink(last, at)
    rise(last, last.index)
  }
  return {
    get size() {
      return items.length
    },
    push(pod) {
      items.push(pod)
      rise(pod, items.length - 1)
    },
    peek: () => items[0],
    pop() {
      const top = items[0]
      if (top !== undefined) remove(top)
      return top
    },
    remove,
    update(pod) {
      sink(pod, pod.index)
      rise(pod, pod.index)
    },
    all: () => items,
  }
}
