import type { RequestNote } from '../../runtime/record/request-note.ts'
import type { Timeline } from '../../runtime/record/timeline.ts'
import { visibleText } from '../visible-text.ts'

/** Who did it: of a revision, whoever asked the API server for it; a controller by its own name. */
export const writerOf = (timeline: Timeline, entry: number): string => {
  const next = entry + 1
  const asked =
    timeline.kind(entry) === 'revision' &&
    next < timeline.length &&
    timeline.kind(next) === 'request' &&
    timeline.cause(next) === entry
  if (!asked && timeline.kind(entry) !== 'request') return visibleText(timeline.actor(entry))
  const { user, agent } = timeline.data(asked ? next : entry) as RequestNote
  const account = /^system:serviceaccount:kube-system:(.+)$/.exec(user)
  return visibleText(account?.[1] ?? agent)
}
