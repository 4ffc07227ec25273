import { shownDifferences, type DifferenceOptions } from './cluster-difference.ts'
import type { RunsDifference } from './compare-runs.ts'
import { diffJson } from './diff-json.ts'
import type { Transition } from './transitions.ts'

const transition = ({ at, subject, status }: Transition): object => ({ atMicros: at, subject, status })

/** The same for programs; documented in docs/reports.md. */
export const whatIfJson = (
  difference: RunsDifference,
  options: DifferenceOptions & { readonly before: string; readonly after: string },
): string => {
  const { divergence, lives, sentences, counts, net } = difference
  const { before, after } = options
  return `${JSON.stringify(
    {
      schemaVersion: 1,
      before,
      after,
      divergence:
        divergence === undefined
          ? null
          : {
              before: divergence.before === undefined ? null : transition(divergence.before),
              after: divergence.after === undefined ? null : transition(divergence.after),
            },
      objects: lives.map((one) => ({
        subject: one.subject,
        before: one.before.map(transition),
        after: one.after.map(transition),
      })),
      sentences,
      net: JSON.parse(diffJson({ before, after, counts, ...shownDifferences(net, options) })) as unknown,
    },
    undefined,
    2,
  )}\n`
}
