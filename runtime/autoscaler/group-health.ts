import type { Node } from '../../api/types/core-v1.generated.ts'
import type { Micros } from '../kernel/micros.ts'
import { lookAgain, type Scan } from './memory.ts'
import type { GroupState } from './node-state.ts'
import { fixed } from './settings.ts'
import { tellStatus } from './tell.ts'

// clusterstate/clusterstate.go: resizes that come to nothing, and instances that never join

/** utils/backoff: 5 min, doubled up to 30 min, forgotten after 3 h. */
export const backOff = ({ memory, now }: Pick<Scan, 'memory' | 'now'>, group: string): void => {
  const known = memory.backoffs.get(group)
  const fresh = known === undefined || now - known.since > fixed.nodeGroupBackoffReset
  const duration = fresh ? fixed.initialNodeGroupBackoff : Math.min(fixed.maxNodeGroupBackoff, known.duration * 2)
  memory.backoffs.set(group, { until: now + duration, duration, since: now })
}

export const backingOff = ({ memory, now }: Pick<Scan, 'memory' | 'now'>, group: string): boolean => {
  const known = memory.backoffs.get(group)
  return known !== undefined && now < known.until
}

/** `15m0s` */
export const goDuration = (time: Micros): string => {
  const seconds = Math.floor(time / 1_000_000)
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  if (hours > 0) return `${hours}h${minutes}m${rest}s`
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`
}

/** updateScaleRequests: a resize is through when all its nodes are there, and has failed when they do not come in time. */
const followRequests = (scan: Scan, groups: readonly GroupState[]): void => {
  const { memory, settings, now } = scan
  for (const { group, upcoming, unregistered } of groups) {
    const request = memory.requests.get(group.id)
    if (request === undefined) continue
    if (upcoming === 0 && unregistered.length === 0) {
      memory.requests.delete(group.id)
      memory.backoffs.delete(group.id)
    } else if (request.at + settings.maxNodeProvisionTime < now) {
      const limit = goDuration(settings.maxNodeProvisionTime)
      const message = `Nodes added to group ${group.id} failed to register within ${limit}`
      tellStatus(scan, 'Warning', 'ScaleUpTimedOut', message)
      memory.requests.delete(group.id)
      backOff(scan, group.id)
    } else lookAgain(scan, request.at + settings.maxNodeProvisionTime + 1)
  }
}

/** removeOldUnregisteredNodes */
const removeUnregistered = (scan: Scan, groups: readonly GroupState[]): void => {
  const { memory, settings, now } = scan
  const there = new Set(groups.flatMap((one) => one.unregistered))
  for (const name of memory.unregistered.keys()) if (!there.has(name)) memory.unregistered.delete(name)
  for (const { group, unregistered } of groups) {
    for (const name of unregistered) {
      const since = memory.unregistered.get(name) ?? now
      memory.unregistered.set(name, since)
      if (since + settings.maxNodeProvisionTime >= now) lookAgain(scan, since + settings.maxNodeProvisionTime + 1)
      else if (group.targetSize() > group.min) {
        group.deleteInstances([name])
        memory.unregistered.delete(name)
        tellStatus(scan, 'Normal', 'DeleteUnregistered', `Removed unregistered node ${name}`)
      }
    }
  }
}

export const watchGroups = (scan: Scan, groups: readonly GroupState[]): void => {
  followRequests(scan, groups)
  removeUnregistered(scan, groups)
}

export const nameOf = (node: Node): string => node.metadata.name ?? ''
