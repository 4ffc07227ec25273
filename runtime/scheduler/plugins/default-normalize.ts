/** helper.DefaultNormalizeScore: the largest becomes 100; reversed, the smallest is best. */
export const defaultNormalize = (scores: Float64Array, reverse: boolean): void => {
  let most = 0
  for (let at = 0; at < scores.length; at += 1) if (scores[at]! > most) most = scores[at]!
  if (most === 0) {
    if (reverse) scores.fill(100)
    return
  }
  for (let at = 0; at < scores.length; at += 1) {
    const share = Math.floor((100 * scores[at]!) / most)
    scores[at] = reverse ? 100 - share : share
  }
}
