const minFeasibleNodesToFind = 100
const minFeasibleNodesPercentageToFind = 5

/** How many feasible nodes end the search (numFeasibleNodesToFind, pkg/scheduler/schedule_one.go). 0 percent: by cluster size. */
export const feasibleNodesToFind = (configured: number, nodes: number): number => {
  if (nodes < minFeasibleNodesToFind) return nodes
  const percentage =
    configured === 0 ? Math.max(50 - Math.floor(nodes / 125), minFeasibleNodesPercentageToFind) : configured
  return Math.max(Math.floor((nodes * percentage) / 100), minFeasibleNodesToFind)
}
