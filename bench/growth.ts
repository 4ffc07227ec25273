import { spawnSync } from 'node:child_process'
import { bundled } from './bundled.ts'
import type { ScenarioFigures } from './measure-scenario.ts'

/** One work of a bench that shows growth: its shape, its size as the issue asks for it, and how many times less is done by default. */
export interface GrowingWork {
  readonly shape: string
  readonly full: number
  readonly part: number
  readonly what: string
  readonly goal: string
}

export interface GrowthBench {
  readonly rows: readonly Readonly<Record<string, string>>[]
}

export interface GrowthOptions {
  /** The module that does one piece of work in a process of its own. */
  readonly child: string
  readonly works: readonly GrowingWork[]
  /** The full sizes. */
  readonly large: boolean
  readonly runs: number
}

const once = (child: string, shape: string, size: number): ScenarioFigures => {
  const args = ['--max-old-space-size=8192', child, shape, String(size)]
  const done = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (done.status !== 0) throw new Error(`${shape} ${size}: ${done.stderr}`)
  return JSON.parse(done.stdout) as ScenarioFigures
}

const micros = ({ cpuSeconds, items }: ScenarioFigures): string => ((cpuSeconds / items) * 1e6).toFixed(0)
const byTime = (a: ScenarioFigures, b: ScenarioFigures): number => a.seconds - b.seconds

/** Each work at a quarter, at half and at its full size, in a process of its own: microseconds of CPU an item must stay flat. */
export const growthBench = ({ child: path, works, large, runs }: GrowthOptions): GrowthBench => {
  const child = bundled(path)
  const rows = works.map(({ shape, full, part, what, goal }) => {
    const size = (times: number): number => Math.round((full / (large ? 4 : 4 * part)) * times)
    const smaller = [1, 2].map((times) => once(child, shape, size(times)))
    const whole = Array.from({ length: runs }, () => once(child, shape, size(4))).sort(byTime)
    const middle = whole[Math.floor(runs / 2)]!
    const row = {
      work: `${size(4).toLocaleString('en-US')} ${what}`,
      'wall s min median max': [whole[0]!, middle, whole[runs - 1]!].map(({ seconds }) => seconds.toFixed(1)).join(' '),
      'cpu s': middle.cpuSeconds.toFixed(1),
      'virtual s': middle.virtualSeconds.toFixed(0),
      'µs of CPU an item at 1× 2× 4×': [...smaller, middle].map(micros).join(' '),
      'peak MiB': String(Math.round(Math.max(...whole.map((one) => one.peakBytes)) / 1_048_576)),
      goal: large || part === 1 ? goal : '',
    }
    // A whole bench takes minutes: each row is told when it is known.
    process.stderr.write(
      `${Object.entries(row)
        .flatMap(([head, cell]) => (cell === '' ? [] : [head === 'work' ? cell : `${head}: ${cell}`]))
        .join(', ')}\n`,
    )
    return row
  })
  return { rows }
}

export const printGrowth = ({ rows }: GrowthBench): string => {
  const heads = Object.keys(rows[0] ?? {})
  const lines = [heads, ...rows.map((row) => heads.map((head) => row[head] ?? ''))]
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
