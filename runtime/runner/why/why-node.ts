import { conditionOf } from '../../../api/state-words/condition-of.ts'
import { instantText } from '../../expect/text-of.ts'
import type { WhyLine } from '../../record/finding.ts'
import type { WhyWorld } from './why-world.ts'
import { lastEntry } from './last-entry.ts'

/** Why a node is not Ready: what the API says, and the fault behind it. Nothing, if it is Ready. */
export const whyNode = (name: string, run: WhyWorld): readonly WhyLine[] => {
  const { state, timeline } = run.cluster
  const node = state.get('nodes', undefined, name)
  const subject = `nodes/${name}`
  const lines: WhyLine[] = []
  const ready = node === undefined ? undefined : conditionOf(node, 'Ready')
  if (node === undefined)
    lines.push({ what: `node/${name}`, detail: 'is not there', entry: undefined, span: undefined })
  else if (ready?.status !== 'True') {
    const detail = [ready?.reason, ready?.message].filter((part) => part !== undefined && part !== '').join(': ')
    lines.push({ what: `node/${name} is not Ready`, detail, entry: undefined, span: undefined })
  }
  const fault = lastEntry(timeline, subject, (entry) => timeline.kind(entry) === 'fault')
  if (fault !== undefined && timeline.action(fault).startsWith('inject')) {
    lines.push({
      what: timeline.action(fault),
      detail: `node/${name} at ${instantText(timeline.time(fault))}`,
      entry: fault,
      span: undefined,
    })
  }
  return lines
}
