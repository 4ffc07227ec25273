import { describe, expect, it } from 'vitest'
import { action, actionNames, eventLabel, matchesEvent } from '../../../../runtime/scheduler/cluster-event.ts'
import { nodeEvents, podEvents } from '../../../../runtime/scheduler/object-events.ts'
import { podStatusPatch } from '../../../../runtime/scheduler/pod-status-patch.ts'
import type { Node, Pod } from '../../../../api/types/core-v1.generated.ts'
import { aNode, aPod } from './fake-api.ts'

describe('cluster events', () => {
  it('reach who registered for the kind of change, and for pods whether assigned or not', () => {
    const labels = { resource: 'Pod', actions: action.add | action.updatePodLabel } as const
    expect(matchesEvent(labels, { resource: 'AssignedPod', actions: action.updatePodLabel })).toBe(true)
    expect(matchesEvent(labels, { resource: 'UnschedulablePod', actions: action.add })).toBe(true)
    expect(matchesEvent(labels, { resource: 'AssignedPod', actions: action.delete })).toBe(false)
    expect(matchesEvent(labels, { resource: 'Node', actions: action.add })).toBe(false)
  })

  it('of a general update reach only who registered for all updates', () => {
    const general = { resource: 'AssignedPod', actions: action.update } as const
    expect(matchesEvent({ resource: 'Pod', actions: action.updatePodLabel }, general)).toBe(false)
    expect(matchesEvent({ resource: 'Pod', actions: action.update }, general)).toBe(true)
  })

  it('have upstream’s names', () => {
    expect(eventLabel({ resource: 'AssignedPod', actions: action.update })).toBe('AssignedPodUpdate')
    expect(actionNames(action.add | action.update)).toEqual(['Add', 'Update'])
  })

  it('come of a taint and of an uncordon, but not of a cordon or a heartbeat', () => {
    const node = aNode('a', '1') as Node
    const cordoned: Node = { ...node, spec: { unschedulable: true } }
    const tainted: Node = { ...node, spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } }
    const beat: Node = { ...node, status: { ...node.status, conditions: [] } }
    expect(nodeEvents(node, cordoned)).toEqual([])
    expect(nodeEvents(cordoned, node).map(eventLabel)).toEqual(['NodeUpdateNodeTaint'])
    expect(nodeEvents(node, tainted).map(eventLabel)).toEqual(['NodeUpdateNodeTaint'])
    expect(nodeEvents(node, beat)).toEqual([])
  })

  it('say what of a pod has changed', () => {
    const pod = aPod('p', '1') as Pod
    const smaller = aPod('p', '500m') as Pod
    expect(podEvents(pod, smaller).map(eventLabel)).toEqual(['UnschedulablePodUpdatePodScaleDown'])
    expect(podEvents(smaller, pod).map(eventLabel)).toEqual(['UnschedulablePodUpdate'])
    const labelled: Pod = { ...pod, metadata: { ...pod.metadata, labels: { app: 'other' } } }
    expect(podEvents(pod, labelled).map(eventLabel)).toEqual(['UnschedulablePodUpdatePodLabel'])
  })
})

describe('the patch of a pod’s status', () => {
  const pod = aPod('p', '1') as Pod
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no' } as const
  const now = '2026-01-01T00:00:00Z'

  it('is none when nothing changes', () => {
    const told: Pod = { ...pod, status: { ...pod.status, conditions: [{ ...condition, lastTransitionTime: now }] } }
    expect(podStatusPatch(told, condition, undefined, 'later')).toBeUndefined()
    expect(podStatusPatch(told, condition, '', 'later')).toBeUndefined()
  })

  it('keeps the time of the last transition while the status stays', () => {
    const told: Pod = {
      ...pod,
      status: { ...pod.status, conditions: [{ ...condition, message: 'old', lastTransitionTime: now }] },
    }
    expect(podStatusPatch(told, condition, undefined, 'later')).toMatchObject({
      status: { conditions: [{ message: 'no', lastTransitionTime: now }] },
    })
  })

  it('sets and withdraws a nomination', () => {
    expect(podStatusPatch(pod, undefined, 'a', now)).toEqual({ status: { nominatedNodeName: 'a' } })
    const nominated: Pod = { ...pod, status: { ...pod.status, nominatedNodeName: 'a' } }
    expect(podStatusPatch(nominated, undefined, '', now)).toEqual({ status: { nominatedNodeName: null } })
  })
})
