import { expect, it } from 'vitest'
import { feasibleNodesToFind } from '../../../../runtime/scheduler/sampling.ts'

it.each([
  [0, 99, 99],
  [0, 100, 100],
  [0, 125, 100],
  [0, 500, 230],
  [0, 1000, 420],
  [0, 5000, 500],
  [0, 6000, 300],
  [30, 1000, 300],
  [5, 300, 100],
])('%i percent of %i nodes: the search ends with %i', (percentage, nodes, enough) => {
  expect(feasibleNodesToFind(percentage, nodes)).toBe(enough)
})
