import { growthBench, type GrowingWork, type GrowthBench } from './growth.ts'

const child = 'bench/controllers-child.ts'

const works: readonly GrowingWork[] = [
  { shape: 'rollouts', full: 1000, part: 10, what: 'Deployments × 10: created, rolled, deleted', goal: '' },
  { shape: 'rolled', full: 5000, part: 5, what: 'pods of one Deployment rolled', goal: '' },
  { shape: 'jobs', full: 10_000, part: 10, what: 'Jobs', goal: '' },
  { shape: 'garbage', full: 50_000, part: 10, what: 'objects collected', goal: '' },
  { shape: 'endpoints', full: 5000, part: 5, what: 'pods of a Service under churn', goal: '' },
]

export const controllers = (options: { readonly large: boolean }): GrowthBench =>
  growthBench({ child, works, large: options.large, runs: options.large ? 1 : 3 })
