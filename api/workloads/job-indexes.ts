/** Completed or failed indexes of an Indexed Job: intervals in order, as `1,3-5,7` in its status. */
export type IndexIntervals = readonly { readonly first: number; readonly last: number }[]

type Interval = { first: number; last: number }

/** parseIndexesFromString: what is corrupt is left out, what lies beyond the completions is cut off. */
export const parseIndexes = (text: string, completions: number): IndexIntervals => {
  if (text === '') return []
  const result: Interval[] = []
  for (const part of text.split(',')) {
    const [firstText = '', lastText] = part.split('-')
    if (!/^[+-]?[0-9]+$/.test(firstText)) continue
    const first = Number(firstText)
    if (first >= completions) break
    if (lastText !== undefined && !/^[+-]?[0-9]+$/.test(lastText)) continue
    const last = lastText === undefined ? first : Math.min(Number(lastText), completions - 1)
    const previous = result.at(-1)
    if (previous !== undefined && previous.last === first - 1) previous.last = last
    else result.push({ first, last })
  }
  return result
}

/** orderedIntervals.String(): two neighbours are listed, more are a range. */
export const indexesText = (intervals: IndexIntervals): string =>
  intervals
    .map(({ first, last }) => (last <= first ? `${first}` : `${first}${last === first + 1 ? ',' : '-'}${last}`))
    .join(',')

/** orderedIntervals.merge. */
export const mergeIndexes = (a: IndexIntervals, b: IndexIntervals): IndexIntervals => {
  const result: Interval[] = []
  const add = ({ first, last }: { readonly first: number; readonly last: number }): void => {
    const previous = result.at(-1)
    if (previous === undefined || first > previous.last + 1) result.push({ first, last })
    else if (previous.last < last) previous.last = last
  }
  let [i, j] = [0, 0]
  for (;;) {
    const [left, right] = [a[i], b[j]]
    if (left !== undefined && (right === undefined || left.first < right.first)) {
      add(left)
      i += 1
    } else if (right !== undefined) {
      add(right)
      j += 1
    } else return result
  }
}

/** orderedIntervals.withOrderedIndexes. */
export const withIndexes = (intervals: IndexIntervals, indexes: readonly number[]): IndexIntervals =>
  mergeIndexes(
    intervals,
    indexes.map((index) => ({ first: index, last: index })),
  )

export const countIndexes = (intervals: IndexIntervals): number =>
  intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0)

export const hasIndex = (intervals: IndexIntervals, index: number): boolean =>
  intervals.some(({ first, last }) => first <= index && index <= last)
