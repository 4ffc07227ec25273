import { diffPathText } from '../../api/diff/diff-path.ts'
import { nounOf } from '../../api/noun-of.ts'
import type { ClusterDifference } from './cluster-difference.ts'

/** The same for programs; documented in docs/reports.md. */
export const diffJson = ({ before, after, counts, differences, hidden }: ClusterDifference): string =>
  `${JSON.stringify(
    {
      schemaVersion: 1,
      before: { label: before, objects: counts[0] },
      after: { label: after, objects: counts[1] },
      equal: differences.length === 0,
      hidden,
      differences: differences.map((one) => ({
        kind: one.kind,
        subject: one.subject,
        object: nounOf(one.subject),
        ...(one.kind === 'changed'
          ? {
              recreated: one.recreated,
              changes: one.changes.map((change) => ({
                path: diffPathText(change.path),
                group: change.group,
                ...(change.before === undefined ? {} : { before: change.before }),
                ...(change.after === undefined ? {} : { after: change.after }),
              })),
            }
          : {}),
      })),
    },
    undefined,
    2,
  )}\n`
