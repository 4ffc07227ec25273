import type { Emission } from '../../runtime/record/emission.ts'
import type { RequestNote } from '../../runtime/record/request-note.ts'
import type { Revision } from '../../runtime/record/revision.ts'
import type { SchedulingVerdict } from '../../runtime/record/scheduling-verdict.ts'
import type { Timeline } from '../../runtime/record/timeline.ts'
import { laneStatus } from '../lane-status.ts'
import { visibleText } from '../visible-text.ts'

/** What happened in an entry, in a few words; who did it and to what stands beside. */
export const describeEntry = (timeline: Timeline, entry: number): string => {
  const action = timeline.action(entry)
  const data = timeline.data(entry)
  switch (timeline.kind(entry)) {
    case 'emission': {
      const { type, reason, message } = data as Emission
      return visibleText(`${type} ${reason}: ${message}`)
    }
    case 'request': {
      const { verb, subresource, code, reason, message } = data as RequestNote
      const what = `${verb}${subresource === undefined ? '' : ` ${subresource}`} ${code}`
      return visibleText(code < 300 ? what : `${what} ${reason ?? ''} ${message ?? ''}`.trimEnd())
    }
    case 'revision': {
      const { object, before, revision } = data as Revision
      const subject = timeline.subject(entry)
      if (object === undefined) return `deleted, revision ${revision}`
      const status = laneStatus(subject.slice(0, subject.indexOf('/')), object)
      return visibleText(`${before === undefined ? 'created' : 'changed'}, revision ${revision}: ${status}`)
    }
    case 'verdict': {
      const { outcome, node, message } = data as SchedulingVerdict
      return visibleText(outcome === 'placed' ? `placed on ${node}` : `${outcome}: ${message ?? ''}`)
    }
    case 'step':
      return visibleText(typeof data === 'string' ? data : action)
    case 'fault':
    case 'hop':
    case 'truth':
      return visibleText(action)
  }
}
