/** Figures of one piece of work: milliseconds and bytes. */
export interface Figures {
  readonly work: string
  readonly runs: number
  readonly minMs: number
  readonly medianMs: number
  readonly maxMs: number
  /** Peak resident memory of the process that did the work. */
  readonly peakBytes: number
  readonly goal: string
}

export interface Measurement {
  readonly work: string
  readonly goal: string
  readonly runs: number
  /** Runs before the clock starts. */
  readonly warmUp: number
  once(): void
  /** Peak memory, if it is not this process's. */
  peak?(): number
}

/** Times `once` as a whole, run after run. */
export const measure = (what: Measurement): Figures => {
  for (let index = 0; index < what.warmUp; index += 1) what.once()
  const times: number[] = []
  for (let index = 0; index < what.runs; index += 1) {
    const started = process.hrtime.bigint()
    what.once()
    times.push(Number(process.hrtime.bigint() - started) / 1e6)
  }
  times.sort((a, b) => a - b)
  return {
    work: what.work,
    runs: what.runs,
    minMs: times[0]!,
    medianMs: times[Math.floor(times.length / 2)]!,
    maxMs: times.at(-1)!,
    peakBytes: what.peak?.() ?? process.resourceUsage().maxRSS * 1024,
    goal: what.goal,
  }
}

/** A table of figures for people. */
export const printFigures = (figures: readonly Figures[]): string => {
  const number = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0))
  const rows = figures.map((one) => [
    one.work,
    String(one.runs),
    number(one.minMs),
    number(one.medianMs),
    number(one.maxMs),
    `${Math.round(one.peakBytes / 1048576)}`,
    one.goal,
  ])
  const all = [['work', 'runs', 'min ms', 'median ms', 'max ms', 'peak MiB', 'goal'], ...rows]
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 || column === 6 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
