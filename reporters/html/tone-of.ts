export type LaneTone = 'good' | 'warn' | 'bad' | 'plain' | 'off'

const good = new Set([
  'Ready',
  'Completed',
  'Succeeded',
  'Bound',
  'Available',
  'Active',
  'up',
  'held',
  'on',
  'Complete',
])
const bad = /BackOff|Err|Error|Failed|NotReady|Unknown|OOM|crash|down|off|broke|Lost|Invalid|Evicted|Denied/
const waiting = /Pending|Creating|Init:|Terminating|Running|Unschedulable|SchedulingGated/

/** How a status is coloured. The word itself is always shown beside. */
export const toneOf = (status: string): LaneTone => {
  const share = /^(\d+)\/(\d+) /.exec(status)
  if (share !== null) return share[1] === share[2] ? 'good' : Number(share[1]) < Number(share[2]) ? 'warn' : 'plain'
  if (good.has(status)) return 'good'
  if (bad.test(status)) return 'bad'
  return waiting.test(status) ? 'warn' : 'plain'
}
