/**
 * computeProbability of the iptables proxier: 1/n with ten decimals, in Go's spelling. Go rounds an exact tie to even where
 * toFixed rounds it up.
 */
export const probabilityText = (n: number): string => {
  const value = 1 / n
  const text = value.toFixed(10)
  const finer = value.toFixed(11)
  const tie = finer.endsWith('5') && Number(finer) === value && value.toFixed(20) === `${finer}000000000`
  if (!tie || (finer.charCodeAt(finer.length - 2) - 48) % 2 !== 0) return text
  return finer.slice(0, -1)
}

const remembered: (readonly number[] | undefined)[] = []

/**
 * The chance of each of n backends: rule i is taken with the written probability of 1/(n−i) if no earlier one was, and the
 * last one always.
 */
export const chances = (n: number): readonly number[] => {
  const known = remembered[n]
  if (known !== undefined) return known
  const list: number[] = []
  let rest = 1
  for (let i = 0; i < n; i += 1) {
    const taken = i === n - 1 ? 1 : Number(probabilityText(n - i))
    list.push(rest * taken)
    rest *= 1 - taken
  }
  const frozen = Object.freeze(list)
  remembered[n] = frozen
  return frozen
}
