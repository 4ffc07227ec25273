import { growthBench, type GrowingWork, type GrowthBench } from './growth.ts'

const child = 'bench/node-child.ts'

const works: readonly GrowingWork[] = [
  {
    shape: 'fleet',
    full: 5000,
    part: 20,
    what: 'nodes × 30 pods boot and idle for a virtual hour',
    goal: '≤ 20 s, ≤ 2,560 MiB',
  },
  { shape: 'stops', full: 10_000, part: 5, what: 'pods started and stopped', goal: '' },
  { shape: 'probes', full: 10_000, part: 5, what: 'pods probed for a virtual hour', goal: '' },
  { shape: 'services', full: 1000, part: 50, what: 'Services × 100 endpoints under churn', goal: '' },
]

export const node = (options: { readonly large: boolean }): GrowthBench =>
  growthBench({ child, works, large: options.large, runs: options.large ? 1 : 3 })
