import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../../api/object.ts'
import { objectSubject } from '../../../../api/object-key.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'
import { createState } from '../../../../runtime/record/create-state.ts'
import { createTimeline } from '../../../../runtime/record/create-timeline.ts'
import type { Revision } from '../../../../runtime/record/revision.ts'

const pods = builtinScheme().byKind('v1/Pod')!
const podOf = (namespace: string, name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name, uid: `${namespace}/${name}`, resourceVersion: '1', creationTimestamp: '' },
})
const setUp = () => {
  const kernel = createKernel({ seed: 's' })
  const timeline = createTimeline(kernel)
  const state = createState(kernel, timeline, { revision: 5, objects: [{ resource: pods, object: podOf('a', 'z') }] })
  timeline.subscribe((entry) => state.apply(entry))
  let revision = 5
  const commit = (object: KubeObject | undefined, before: KubeObject | undefined): number => {
    revision += 1
    const { namespace, name } = (object ?? before)!.metadata
    const change: Revision = { revision, resource: pods, object, before }
    return timeline.append('revision', kernel.actor('etcd/0'), 'put', objectSubject(pods, namespace, name), change)
  }
  return { kernel, timeline, state, commit }
}

describe('state', () => {
  it('lists in order of namespace, then name, also where one namespace begins like another', () => {
    const { state, commit } = setUp()
    for (const [namespace, name] of [
      ['a-b', 'x'],
      ['a', 'b'],
      ['a.c', 'x'],
      ['b', 'a'],
    ])
      commit(podOf(namespace!, name!), undefined)
    const names = state.list('pods', undefined).map((pod) => `${pod.metadata.namespace}/${pod.metadata.name}`)
    expect(names).toEqual(['a/b', 'a/z', 'a-b/x', 'a.c/x', 'b/a'])
    expect(state.list('pods', 'a').map((pod) => pod.metadata.name)).toEqual(['b', 'z'])
    expect(state.list('deployments.apps', undefined)).toEqual([])
  })

  it('follows updates and deletions, and keeps lists that nothing touched', () => {
    const { state, commit } = setUp()
    const list = state.list('pods', undefined)
    expect(state.list('pods', undefined)).toBe(list)
    const next = { ...podOf('a', 'z'), spec: {} }
    commit(next, list[0])
    expect(state.get('pods', 'a', 'z')).toBe(next)
    expect(state.list('pods', undefined)).toEqual([next])
    commit(undefined, next)
    expect(state.get('pods', 'a', 'z')).toBeUndefined()
    expect(state.list('pods', undefined)).toEqual([])
    expect(state.revision).toBe(7)
  })

  it('knows the last ground truth of each subject', () => {
    const { kernel, timeline, state } = setUp()
    const actor = kernel.actor('machine')
    timeline.append('truth', actor, 'power', 'machines/b', { powered: true })
    timeline.append('truth', actor, 'power', 'machines/a', { powered: true })
    timeline.append('truth', actor, 'power', 'machines/b', { powered: false })
    expect(state.truths('machines/')).toEqual(['machines/a', 'machines/b'])
    expect(state.truth('machines/b')).toEqual({ powered: false })
    expect(state.truth('machines/c')).toBeUndefined()
  })
})

describe('timeline', () => {
  it('keeps every column through growth, and files entries by subject', () => {
    const { kernel, timeline } = setUp()
    const actor = kernel.actor('kubelet/a')
    kernel.cause = 3
    for (let index = 0; index < 3000; index += 1)
      timeline.append('hop', actor, `act${index % 3}`, `pods/x/${index % 10}`, index)
    expect(timeline.length).toBe(3000)
    expect([timeline.kind(2500), timeline.actor(2500), timeline.action(2500), timeline.subject(2500)]).toEqual([
      'hop',
      'kubelet/a',
      'act1',
      'pods/x/0',
    ])
    expect([timeline.data(2500), timeline.cause(2500), timeline.time(2500)]).toEqual([2500, 3, 0])
    expect(timeline.about('pods/x/4').slice(0, 2)).toEqual([4, 14])
    timeline.append('hop', actor, 'later', 'pods/x/4')
    expect(timeline.about('pods/x/4').at(-1)).toBe(3000)
    expect(timeline.about('pods/none')).toEqual([])
    expect(() => timeline.time(3001)).toThrow('no such timeline entry')
  })
})
