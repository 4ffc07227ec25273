import type { Lane } from '../lanes.ts'

/** Objects that a first look is about; the others are one choice away. */
const main = new Set([
  'nodes',
  'pods',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'replicasets.apps',
  'services',
  'persistentvolumeclaims',
  'horizontalpodautoscalers.autoscaling',
])

/** A component that was up all along has nothing to tell. */
const eventful = (lane: Lane): boolean => lane.segments().length > 1 || lane.segments()[0]?.tone === 'bad'

const first = (lane: Lane): boolean => {
  switch (lane.group) {
    case 'fault':
    case 'expectation':
      return true
    case 'component':
      return eventful(lane)
    case 'actor':
      return false
    case 'object':
      return main.has(lane.resource) && lane.subject !== 'services/default/kubernetes'
  }
}

/** The lanes of a choice (`main`, `all`, `components`, or a resource) that have every word of the query in their name. */
export const chooseLanes = (lanes: readonly Lane[], choice: string, query: string): readonly Lane[] => {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return lanes.filter((lane) => {
    const chosen =
      choice === 'all' ||
      (choice === 'main'
        ? first(lane)
        : choice === 'components'
          ? lane.group === 'component' || lane.group === 'actor'
          : lane.resource === choice)
    return chosen && words.every((word) => lane.name.toLowerCase().includes(word))
  })
}
