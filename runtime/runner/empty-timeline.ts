import { InvariantError } from '../kernel/invariant-error.ts'
import type { Timeline } from '../record/timeline.ts'

const none = (): never => {
  throw new InvariantError('runner', 'a scenario that was not run has no timeline entries')
}

/** The timeline of a scenario that was skipped. */
export const emptyTimeline: Timeline = Object.freeze({
  length: 0,
  time: none,
  kind: none,
  actor: none,
  action: none,
  subject: none,
  data: none,
  cause: none,
  about: () => [],
})
