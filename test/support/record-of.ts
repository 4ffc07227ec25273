import { createKernel } from '../../runtime/kernel/kernel.ts'
import { createTimeline, type TimelineWriter } from '../../runtime/record/create-timeline.ts'
import type { Finding } from '../../runtime/record/finding.ts'
import type { Record } from '../../runtime/record/record.ts'

/** A record for tests of reporters: a passed scenario, but for what is given. */
export const recordOf = (parts: Partial<Record> = {}): Record => ({
  schemaVersion: 1,
  title: 'a scenario',
  row: '',
  span: { file: 'web.kscn', start: 0, end: 8 },
  tags: [],
  verdict: 'PASS',
  note: undefined,
  seed: '0',
  planHash: '0badcafe',
  timeline: emptyTimeline(),
  hash: '0123456789abcdef',
  findings: [],
  sentences: [],
  choices: [],
  duration: 41_200_000,
  events: 12,
  clock: 0,
  ...parts,
})

export const emptyTimeline = (): TimelineWriter => createTimeline(createKernel({ seed: 's' }))

export const findingOf = (parts: Partial<Finding> = {}): Finding => ({
  code: 'F101',
  severity: 'fail',
  span: { file: 'web.kscn', start: 24, end: 40 },
  sentence: 'expect deployment/web is RolledOut within 5m',
  message: 'deployment/web was not RolledOut within 5m',
  began: 9_214_000,
  at: 309_214_000,
  deadline: 309_214_000,
  comparisons: [],
  difference: undefined,
  nearMiss: undefined,
  lookAhead: undefined,
  subjects: [],
  why: [],
  help: [],
  ...parts,
})
