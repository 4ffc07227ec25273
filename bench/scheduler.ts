import { spawnSync } from 'node:child_process'
import { bundled } from './bundled.ts'
import { oracleMissing, oraclePodsPerSecond } from './scheduler-oracle.ts'
import { shapes } from './scheduler-shapes.ts'

interface Figures {
  readonly pods: number
  readonly seconds: number
  readonly peakBytes: number
}
export interface SchedulerBench {
  readonly rows: readonly Readonly<Record<string, string>>[]
  readonly notes: readonly string[]
}

let child: string | undefined
const runs = 3

const once = (...args: readonly string[]): Figures => {
  child ??= bundled('bench/scheduler-child.ts')
  const done = spawnSync(process.execPath, ['--max-old-space-size=4096', child, ...args], { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`${args.join(' ')}: ${done.stderr}`)
  return JSON.parse(done.stdout) as Figures
}
/** By speed, slowest first. */
const several = (...args: readonly string[]): readonly Figures[] =>
  Array.from({ length: runs }, () => once(...args)).sort((a, b) => a.pods / a.seconds - b.pods / b.seconds)
const rate = ({ pods, seconds }: Figures): number => pods / seconds
const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
const mebibytes = (bytes: number): string => whole(bytes / 1_048_576)
const middle = (figures: readonly Figures[]): Figures => figures[Math.floor(figures.length / 2)]!

/** The shapes of scheduler_perf: the scheduler alone, through our API server, and the real one beside it. */
export const scheduler = (options: { readonly oracle: boolean; readonly large: boolean }): SchedulerBench => {
  const missing = options.oracle ? oracleMissing() : undefined
  if (missing !== undefined) throw new Error(missing)
  const rows: Record<string, string>[] = shapes.map((shape) => {
    const alone = several('alone', shape.name)
    const ends = several('end', shape.name)
    const best = rate(middle(ends))
    const real = options.oracle && shape.oracle !== undefined ? oraclePodsPerSecond(shape) : undefined
    process.stderr.write(
      `${shape.name}: alone ${whole(rate(middle(alone)))}, end to end ${whole(best)}, real ${real === undefined ? 'not asked' : whole(real)} pods/s\n`,
    )
    return {
      shape: `${shape.name} ${whole(shape.nodes)}/${whole(shape.pods)}`,
      'alone pods/s': whole(rate(middle(alone))),
      'end to end pods/s': whole(best),
      'min … max': `${whole(rate(ends[0]!))} … ${whole(rate(ends[ends.length - 1]!))}`,
      'peak MiB': mebibytes(Math.max(...ends.map((one) => one.peakBytes))),
      ...(options.oracle
        ? {
            'real pods/s': real === undefined ? '' : whole(real),
            ratio: real === undefined ? '' : `${(best / real).toFixed(1)}×`,
          }
        : {}),
      goal: shape.goal,
    }
  })
  const notes: string[] = ['', 'growth with the nodes, end to end, µs a pod (SchedulingBasic, TopologySpreading):']
  for (const name of ['SchedulingBasic', 'TopologySpreading']) {
    const grown = [1250, 2500, 5000].map((nodes) => {
      const { pods, seconds } = once('end', name, String(nodes))
      return `${whole(nodes)} nodes ${((seconds / pods) * 1e6).toFixed(0)}`
    })
    notes.push(`  ${name}: ${grown.join(', ')}`)
  }
  notes.push('', 'whole clusters, Deployments to running pods:')
  const clusters: readonly (readonly [number, number, string])[] = [
    [1200, 7064, '≤ 2 s, ≤ 307 MiB'],
    ...(options.large ? [[5000, 150_000, '≤ 60 s, ≤ 4,096 MiB'] as const] : []),
  ]
  for (const [nodes, pods, goal] of clusters) {
    const { seconds, peakBytes } = once('cluster', String(nodes), String(pods))
    notes.push(
      `  ${whole(nodes)} nodes, ${whole(pods)} pods: ${seconds.toFixed(1)} s, ${mebibytes(peakBytes)} MiB (goal ${goal})`,
    )
  }
  return { rows, notes }
}

export const printSchedulerBench = ({ rows, notes }: SchedulerBench): string => {
  const heads = Object.keys(rows[0] ?? {})
  const lines = [heads, ...rows.map((row) => heads.map((head) => row[head] ?? ''))]
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  const table = lines.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  '),
  )
  return [...table, ...notes].join('\n')
}
