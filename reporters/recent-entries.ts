import type { Emission } from '../runtime/record/emission.ts'
import type { Finding } from '../runtime/record/finding.ts'
import type { RequestNote } from '../runtime/record/request-note.ts'
import type { Timeline } from '../runtime/record/timeline.ts'
import { nounOf } from '../api/noun-of.ts'
import { printTime } from './print-time.ts'

/** A controller by its own name, anybody else by the program that asked. */
export const asker = (note: RequestNote): string => {
  const account = /^system:serviceaccount:kube-system:(.+)$/.exec(note.user)
  return account?.[1] ?? note.agent
}

/** One entry for people; undefined: it says nothing that another one does not say. */
export const entryText = (timeline: Timeline, entry: number): string | undefined => {
  const noun = nounOf(timeline.subject(entry))
  switch (timeline.kind(entry)) {
    case 'emission': {
      const { type, reason, message } = timeline.data(entry) as Emission
      return `${timeline.actor(entry)}: ${noun} ${type} ${reason} ${message}`
    }
    case 'request': {
      const note = timeline.data(entry) as RequestNote
      if (note.verb === 'get' || note.verb === 'list' || note.verb === 'watch') return undefined
      const what = `${note.verb} ${noun}${note.subresource === undefined ? '' : `/${note.subresource}`}`
      return `${asker(note)}: ${what}${note.code >= 300 ? ` refused, ${note.code} ${note.reason ?? ''}` : ''}`
    }
    case 'fault':
    case 'truth':
    case 'step':
      return `${timeline.actor(entry)}: ${timeline.action(entry)} ${noun}`
    case 'verdict':
    case 'hop':
    case 'revision':
      return undefined
  }
}

/** The last things that happened to what a finding is about, up to the instant at which it was judged. */
export const recentEntries = (timeline: Timeline, finding: Finding, limit: number): string[] => {
  const entries = [...new Set(finding.subjects.flatMap((subject) => timeline.about(subject)))].sort((a, b) => a - b)
  const lines: { readonly text: string; readonly last: string; first: string; times: number }[] = []
  for (let index = entries.length - 1; index >= 0 && lines.length < limit; index -= 1) {
    const entry = entries[index]!
    if (timeline.time(entry) > finding.at) continue
    const text = entryText(timeline, entry)
    if (text === undefined) continue
    const at = printTime(timeline.time(entry))
    // What came again and again is told once, with when it began.
    const known = lines.find((line) => line.text === text)
    if (known === undefined) lines.push({ text, last: at, first: at, times: 1 })
    else {
      known.times += 1
      known.first = at
    }
  }
  return lines
    .reverse()
    .map(({ text, last, first, times }) =>
      times === 1 ? `${last.padEnd(12)} ${text}` : `${last.padEnd(12)} ${text} (${times} times since ${first})`,
    )
}
