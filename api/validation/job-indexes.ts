export type IndexCount = { readonly total: number } | { readonly error: string }

type Interval = { readonly from: number; readonly to: number } | { readonly error: string }

/** parseIndexInterval */
export const indexInterval = (text: string, completions: number): Interval => {
  const parts = text.split('-')
  if (parts.length > 2) {
    return {
      error: `the fragment ${JSON.stringify(text)} violates the requirement that an index interval can have at most two parts separated by '-'`,
    }
  }
  const numbers: number[] = []
  for (const part of parts) {
    if (!/^[+-]?\d+$/.test(part))
      return { error: `cannot convert string to integer for index: ${JSON.stringify(part)}` }
    if (Number(part) >= completions) return { error: `too large index: ${JSON.stringify(part)}` }
    numbers.push(Number(part))
  }
  const [from = 0, to = from] = numbers
  return parts.length === 2 && from >= to
    ? { error: `non-increasing order, previous: ${from}, current: ${to}` }
    : { from, to }
}

/** validateIndexesFormat: how many indexes a text such as `0,2-4` names. */
export const indexCount = (text: string, completions: number): IndexCount => {
  let total = 0
  let last: number | undefined
  if (text === '') return { total }
  for (const part of text.split(',')) {
    const interval = indexInterval(part, completions)
    if ('error' in interval) return interval
    if (last !== undefined && last >= interval.from) {
      return { error: `non-increasing order, previous: ${last}, current: ${interval.from}` }
    }
    total += interval.to - interval.from + 1
    last = interval.to
  }
  return { total }
}

/** validateFailedIndexesNotOverlapCompleted: the first index that both name. */
export const overlapAt = (completed: string, failed: string, completions: number): number | undefined => {
  const intervals = (text: string): readonly { from: number; to: number }[] =>
    text === ''
      ? []
      : text.split(',').flatMap((part) => {
          const interval = indexInterval(part, completions)
          return 'error' in interval ? [] : [interval]
        })
  for (const one of intervals(completed)) {
    for (const other of intervals(failed)) {
      if (one.from <= other.to && other.from <= one.to) return Math.max(one.from, other.from)
    }
  }
  return undefined
}
