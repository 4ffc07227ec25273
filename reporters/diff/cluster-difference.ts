import type { ChangeGroup } from '../../api/diff/change-group.ts'
import type { GroupedChange, ObjectDifference } from '../../api/diff/diff-clusters.ts'

/** What of a comparison is shown. */
export interface DifferenceOptions {
  /** Also what the server keeps on its own account: uids, versions, managed fields. */
  readonly all: boolean
  readonly status: boolean
}

/** Two clusters side by side. */
export interface ClusterDifference {
  readonly before: string
  readonly after: string
  /** How many objects were compared, of each side. */
  readonly counts: readonly [before: number, after: number]
  /** Only what is shown. */
  readonly differences: readonly ObjectDifference[]
  /** Changes that are not shown. */
  readonly hidden: number
}

/** What is shown of the differences, and how much is not. */
export const shownDifferences = (
  differences: readonly ObjectDifference[],
  options: DifferenceOptions,
): Pick<ClusterDifference, 'differences' | 'hidden'> => {
  const isShown = (group: ChangeGroup): boolean =>
    group === 'wanted' || (group === 'status' ? options.status : options.all)
  let hidden = 0
  const shown = differences.flatMap((one): ObjectDifference[] => {
    if (one.kind !== 'changed') return [one]
    const changes: readonly GroupedChange[] = one.changes.filter(({ group }) => isShown(group))
    hidden += one.changes.length - changes.length
    return changes.length === 0 && !one.recreated ? [] : [{ ...one, changes }]
  })
  return { differences: shown, hidden }
}
