/**
 * opencontainers/cgroups v0.0.6, ConvertCPUSharesToCgroupV2Value: what runc makes of CPU shares. The logarithm and the power are
 * summed up here, because their library versions differ in the last bit from machine to machine.
 */
export const cpuWeight = (shares: number): number => {
  if (shares <= 0) return 0
  if (shares <= 2) return 1
  if (shares >= 262_144) return 10_000
  const log = log2(shares)
  return Math.ceil(tenTo((log * log + 125 * log) / 612 - 7 / 34))
}

const ln2 = 0.693_147_180_559_945_3
const ln10 = 2.302_585_092_994_046

const log2 = (value: number): number => {
  let whole = 0
  let part = value
  while (part >= 2) {
    part /= 2
    whole += 1
  }
  const z = (part - 1) / (part + 1)
  let sum = 0
  let power = z
  for (let n = 1; n < 60; n += 2) {
    sum += power / n
    power *= z * z
  }
  return whole + (2 * sum) / ln2
}

const tenTo = (exponent: number): number => {
  const whole = Math.floor(exponent)
  const rest = (exponent - whole) * ln10
  let sum = 1
  let term = 1
  for (let n = 1; n < 40; n += 1) {
    term = (term * rest) / n
    sum += term
  }
  for (let n = 0; n < whole; n += 1) sum *= 10
  return sum
}
