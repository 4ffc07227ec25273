import type { Span } from '../../dsl/source/span.ts'
import type { Complaint } from '../record/complaint.ts'
import { blankFinding } from './blank-finding.ts'
import type { Run } from './run.ts'

/** Reports what user-written parts of the cluster did wrong, each thing once: while the cluster booted, and from now on. */
export const reportComplaints = (span: Span, run: Run): void => {
  const { timeline } = run.cluster
  const told = new Set<string>()
  const look = (entry: number): void => {
    if (timeline.kind(entry) !== 'truth' || timeline.action(entry) !== 'complain') return
    const { message, help, severity = 'error', writes = [] } = timeline.data(entry) as Complaint
    if (told.has(message)) return
    told.add(message)
    const sentence = timeline.subject(entry).replace('complaints/', '')
    run.report({
      ...blankFinding({ span, sentence }, timeline.time(entry)),
      code: severity === 'fail' ? 'F108' : 'E206',
      severity,
      message,
      help,
      ...(writes.length === 0 ? {} : { lastWrites: writes }),
    })
  }
  for (let entry = 0; entry < timeline.length; entry += 1) look(entry)
  timeline.subscribe(look)
}
