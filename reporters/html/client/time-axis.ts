const steps = [
  1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000,
  15_000_000, 30_000_000, 60_000_000, 120_000_000, 300_000_000, 600_000_000, 900_000_000, 1_800_000_000, 3_600_000_000,
  7_200_000_000, 21_600_000_000, 43_200_000_000, 86_400_000_000,
]

/** Round instants between two others, at most so many. */
export const ticksBetween = (from: number, to: number, most: number): readonly number[] => {
  const step =
    steps.find((one) => (to - from) / one <= most) ?? steps.at(-1)! * Math.ceil((to - from) / steps.at(-1)! / most)
  const ticks: number[] = []
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at)
  return ticks
}
