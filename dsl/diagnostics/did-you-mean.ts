/** Edit distance with transpositions, cut off above `limit`. */
export const editDistance = (a: string, b: string, limit = 3): number => {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      row.push(cost)
      if (cost < least) least = cost
    }
    if (least > limit) return limit + 1
    before = previous
    previous = row
  }
  return previous[b.length] ?? limit + 1
}

/** The nearest of some words, if it is near enough to be meant; the first of equals. */
export const nearest = (word: string, words: Iterable<string>): string | undefined => {
  const lower = word.toLowerCase()
  const limit = word.length <= 3 ? 1 : word.length <= 6 ? 2 : 3
  let best: string | undefined
  let least = limit + 1
  for (const one of words) {
    const distance =
      one === word ? 0 : one.toLowerCase() === lower ? 0.5 : editDistance(lower, one.toLowerCase(), limit)
    // Of a word that shares no letter nothing was meant.
    if (distance < least && distance < Math.min(word.length, one.length)) {
      best = one
      least = distance
    }
  }
  return best
}

/** `did you mean …?`, or nothing. */
export const didYouMean = (word: string, words: Iterable<string>): string | undefined => {
  const best = nearest(word, words)
  return best === undefined ? undefined : `did you mean \`${best}\`?`
}
