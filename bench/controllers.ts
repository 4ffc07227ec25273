import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ControllersFigures } from './controllers-rig.ts'

export interface ControllersBench {
  readonly rows: readonly Readonly<Record<string, string>>[]
}

const child = fileURLToPath(new URL('./controllers-child.ts', import.meta.url))

const works = [
  { shape: 'rollouts', full: 1000, what: 'Deployments × 10: created, rolled, deleted' },
  { shape: 'rolled', full: 5000, what: 'pods of one Deployment rolled' },
  { shape: 'jobs', full: 10_000, what: 'Jobs' },
  { shape: 'garbage', full: 50_000, what: 'objects collected' },
  { shape: 'endpoints', full: 5000, what: 'pods of a Service under churn' },
] as const

const once = (shape: string, size: number): ControllersFigures => {
  const args = ['--max-old-space-size=6144', '--import', 'tsx', child, shape, String(size)]
  const done = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (done.status !== 0) throw new Error(`${shape} ${size}: ${done.stderr}`)
  return JSON.parse(done.stdout) as ControllersFigures
}

/** Each work at a quarter, at half and at its full size, in a process of its own: microseconds of CPU an item must stay flat. */
export const controllers = (options: { readonly large: boolean }): ControllersBench => {
  const rows = works.map(({ shape, full, what }) => {
    const sizes = [1, 2, 4].map((times) => Math.round((full / (options.large ? 4 : 40)) * times))
    const figures = sizes.map((size) => once(shape, size))
    const last = figures[2]!
    const each = figures.map(({ cpuSeconds, items }) => ((cpuSeconds / items) * 1e6).toFixed(0))
    return {
      work: `${sizes[2]!.toLocaleString('en-US')} ${what}`,
      'wall s': last.seconds.toFixed(1),
      'cpu s': last.cpuSeconds.toFixed(1),
      'virtual s': last.virtualSeconds.toFixed(1),
      'µs an item at 1× 2× 4×': each.join(' '),
      'peak MiB': String(Math.round(last.peakBytes / 1_048_576)),
    }
  })
  return { rows }
}

export const printControllers = ({ rows }: ControllersBench): string => {
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
