/** Whether a goes before b. */
type Less<T> = (a: T, b: T) => boolean
type Hint = 'unknown' | 'increasing' | 'decreasing'

/** A list under way, addressed by index, as sort.Interface is. */
interface Data {
  less(i: number, j: number): boolean
  swap(i: number, j: number): void
}

const insertionSort = (data: Data, from: number, to: number): void => {
  for (let i = from + 1; i < to; i += 1) for (let j = i; j > from && data.less(j, j - 1); j -= 1) data.swap(j, j - 1)
}

const siftDown = (data: Data, start: number, size: number, base: number): void => {
  for (let root = start; ;) {
    let child = 2 * root + 1
    if (child >= size) return
    if (child + 1 < size && data.less(base + child, base + child + 1)) child += 1
    if (!data.less(base + root, base + child)) return
    data.swap(base + root, base + child)
    root = child
  }
}

const heapSort = (data: Data, from: number, to: number): void => {
  const size = to - from
  for (let i = Math.trunc((size - 1) / 2); i >= 0; i -= 1) siftDown(data, i, size, from)
  for (let i = size - 1; i >= 0; i -= 1) {
    data.swap(from, from + i)
    siftDown(data, 0, i, from)
  }
}

const bitLength = (n: number): number => 32 - Math.clz32(n)

/** Shuffles three items around the middle, by an xorshift seeded with the length: no chance is involved. */
const breakPatterns = (data: Data, from: number, to: number): void => {
  const length = to - from
  if (length < 8) return
  let state = BigInt(length)
  const mask = (1n << BigInt(bitLength(length))) - 1n
  const middle = from + Math.floor(length / 4) * 2
  for (let index = middle - 1; index <= middle + 1; index += 1) {
    state = BigInt.asUintN(64, state ^ (state << 13n))
    state ^= state >> 7n
    state = BigInt.asUintN(64, state ^ (state << 17n))
    let other = Number(state & mask)
    if (other >= length) other -= length
    data.swap(index, from + other)
  }
}

/** Index of the median of three, counting the exchanges that ordering them takes. */
const median = (data: Data, picks: readonly [number, number, number], swaps: { count: number }): number => {
  let [a, b, c] = picks
  const order = (x: number, y: number): [number, number] => {
    if (!data.less(y, x)) return [x, y]
    swaps.count += 1
    return [y, x]
  }
  ;[a, b] = order(a, b)
  ;[b, c] = order(b, c)
  ;[a, b] = order(a, b)
  return b
}

const choosePivot = (data: Data, from: number, to: number): { pivot: number; hint: Hint } => {
  const length = to - from
  const quarter = Math.floor(length / 4)
  const swaps = { count: 0 }
  let [i, j, k] = [from + quarter, from + quarter * 2, from + quarter * 3]
  if (length >= 8) {
    if (length >= 50)
      [i, j, k] = [i, j, k].map((at) => median(data, [at - 1, at, at + 1], swaps)) as [number, number, number]
    j = median(data, [i, j, k], swaps)
  }
  return { pivot: j, hint: swaps.count === 0 ? 'increasing' : swaps.count === 12 ? 'decreasing' : 'unknown' }
}

/** Tries to finish a list that is nearly sorted; answers whether it is. */
const partialInsertionSort = (data: Data, from: number, to: number): boolean => {
  let i = from + 1
  for (let step = 0; step < 5; step += 1) {
    while (i < to && !data.less(i, i - 1)) i += 1
    if (i === to) return true
    if (to - from < 50) return false
    data.swap(i, i - 1)
    if (i - from >= 2) for (let j = i - 1; j >= 1 && data.less(j, j - 1); j -= 1) data.swap(j, j - 1)
    if (to - i >= 2) for (let j = i + 1; j < to && data.less(j, j - 1); j += 1) data.swap(j, j - 1)
  }
  return false
}

/** Items equal to the pivot to the left; answers where the greater ones begin. */
const partitionEqual = (data: Data, from: number, to: number, pivot: number): number => {
  data.swap(from, pivot)
  let [i, j] = [from + 1, to - 1]
  for (;;) {
    while (i <= j && !data.less(from, i)) i += 1
    while (i <= j && data.less(from, j)) j -= 1
    if (i > j) return i
    data.swap(i, j)
    i += 1
    j -= 1
  }
}

/** Smaller items left of the pivot; answers where it ends up, and whether nothing had to move. */
const partition = (data: Data, from: number, to: number, pivot: number): { middle: number; untouched: boolean } => {
  data.swap(from, pivot)
  let [i, j] = [from + 1, to - 1]
  for (let untouched = true; ; untouched = false) {
    while (i <= j && data.less(i, from)) i += 1
    while (i <= j && !data.less(j, from)) j -= 1
    if (i > j) {
      data.swap(j, from)
      return { middle: j, untouched }
    }
    data.swap(i, j)
    i += 1
    j -= 1
  }
}

const quickSort = (data: Data, start: number, end: number, depth: number): void => {
  let [from, to, limit] = [start, end, depth]
  let balanced = true
  let partitioned = true
  for (;;) {
    const length = to - from
    if (length <= 12) {
      insertionSort(data, from, to)
      return
    }
    if (limit === 0) {
      heapSort(data, from, to)
      return
    }
    if (!balanced) {
      breakPatterns(data, from, to)
      limit -= 1
    }
    let { pivot, hint } = choosePivot(data, from, to)
    if (hint === 'decreasing') {
      for (let [i, j] = [from, to - 1]; i < j; i += 1, j -= 1) data.swap(i, j)
      pivot = to - 1 - (pivot - from)
      hint = 'increasing'
    }
    if (balanced && partitioned && hint === 'increasing' && partialInsertionSort(data, from, to)) return
    if (from > 0 && !data.less(from - 1, pivot)) {
      from = partitionEqual(data, from, to, pivot)
      continue
    }
    const { middle, untouched } = partition(data, from, to, pivot)
    partitioned = untouched
    const [left, right] = [middle - from, to - middle]
    if (left < right) {
      balanced = left >= Math.floor(length / 8)
      quickSort(data, from, middle, limit)
      from = middle + 1
    } else {
      balanced = right >= Math.floor(length / 8)
      quickSort(data, middle + 1, to, limit)
      to = middle
    }
  }
}

/**
 * Sorts in place as Go's sort.Sort does (pattern-defeating quicksort). It is not stable, and some of upstream's orders are
 * not even transitive: the outcome is decided by which pairs are compared, and in which order.
 */
export const goSort = <T>(items: T[], less: Less<T>): void => {
  const data: Data = {
    less: (i, j) => less(items[i] as T, items[j] as T),
    swap: (i, j) => {
      const held = items[i] as T
      items[i] = items[j] as T
      items[j] = held
    },
  }
  quickSort(data, 0, items.length, bitLength(items.length))
}
