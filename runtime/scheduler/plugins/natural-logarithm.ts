const known: number[] = []

/**
 * ln(n) of a whole number, by the algorithm and in the order of operations of Go's math.Log (FreeBSD's e_log.c), so that it
 * is the same number on every machine: Math.log need not be.
 */
export const naturalLogarithm = (n: number): number => {
  const found = known[n]
  if (found !== undefined) return found
  let fraction = n
  let exponent = 0
  while (fraction >= 1) {
    fraction /= 2
    exponent += 1
  }
  if (fraction < Math.SQRT1_2) {
    fraction *= 2
    exponent -= 1
  }
  const f = fraction - 1
  const s = f / (2 + f)
  const s2 = s * s
  const s4 = s2 * s2
  const odd =
    s2 *
    (6.66666666666673513e-1 +
      s4 * (2.857142874366239149e-1 + s4 * (1.818357216161805012e-1 + s4 * 1.479819860511658591e-1)))
  const even = s4 * (3.999999999940941908e-1 + s4 * (2.222219843214978396e-1 + s4 * 1.531383769920937332e-1))
  const rest = odd + even
  const half = 0.5 * f * f
  const result =
    exponent * 6.9314718036912381649e-1 - (half - (s * (half + rest) + exponent * 1.90821492927058770002e-10) - f)
  if (n < 100_000) known[n] = result
  return result
}
