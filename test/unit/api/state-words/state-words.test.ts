import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../../api/object.ts'
import { judgeStateWord } from '../../../../api/state-words/judge-state-word.ts'
import { printedPodStatus } from '../../../../api/state-words/printed-pod-status.ts'
import { rolloutRows } from '../../../../api/state-words/rollout-status.ts'
import { stateCauses } from '../../../../api/state-words/state-causes.ts'
import { isStateWord, stateWords } from '../../../../api/state-words/state-words.ts'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'

const object = (fields: object): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'X',
    ...fields,
    metadata: { name: 'x', ...(fields as { metadata?: object }).metadata },
  }) as unknown as KubeObject
const pod = (status: object, spec: object = {}, metadata: object = {}): Pod =>
  object({ kind: 'Pod', metadata, spec: { containers: [{ name: 'app' }], ...spec }, status }) as Pod
const waiting = (reason: string): object => ({ name: 'app', ready: false, state: { waiting: { reason } } })
const ended = (terminated: object): object => ({ name: 'app', ready: false, state: { terminated } })
const runs = (ready = true): object => ({ name: 'app', ready, started: true, state: { running: {} } })

describe('printedPodStatus', () => {
  const gated = { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }
  const ready = { type: 'Ready', status: 'True' }
  const inits = { initContainers: [{ name: 'a' }, { name: 'b' }] }
  const sidecar = { initContainers: [{ name: 'a', restartPolicy: 'Always' }] }
  it.each([
    ['phase alone', pod({ phase: 'Pending' }), 'Pending'],
    ['reason over phase', pod({ phase: 'Failed', reason: 'Evicted' }), 'Evicted'],
    ['gated', pod({ phase: 'Pending', conditions: [gated] }), 'SchedulingGated'],
    ['waiting', pod({ phase: 'Pending', containerStatuses: [waiting('ContainerCreating')] }), 'ContainerCreating'],
    ['running', pod({ phase: 'Running', containerStatuses: [runs()] }), 'Running'],
    [
      'ended with reason',
      pod({ phase: 'Failed', containerStatuses: [ended({ exitCode: 1, reason: 'Error' })] }),
      'Error',
    ],
    ['exit code', pod({ phase: 'Failed', containerStatuses: [ended({ exitCode: 3 })] }), 'ExitCode:3'],
    ['signal', pod({ phase: 'Failed', containerStatuses: [ended({ exitCode: 137, signal: 9 })] }), 'Signal:9'],
    [
      'one done, one runs, ready',
      pod({ conditions: [ready], containerStatuses: [ended({ exitCode: 0, reason: 'Completed' }), runs()] }),
      'Running',
    ],
    [
      'one done, one runs',
      pod({ containerStatuses: [ended({ exitCode: 0, reason: 'Completed' }), runs()] }),
      'NotReady',
    ],
    [
      'first container wins',
      pod({ containerStatuses: [waiting('ErrImagePull'), waiting('ContainerCreating')] }),
      'ErrImagePull',
    ],
    ['init count', pod({ initContainerStatuses: [ended({ exitCode: 0 }), { ...runs() }] }, inits), 'Init:1/2'],
    ['init failed', pod({ initContainerStatuses: [ended({ exitCode: 1, reason: 'Error' })] }, inits), 'Init:Error'],
    ['init exit code', pod({ initContainerStatuses: [ended({ exitCode: 4 })] }, inits), 'Init:ExitCode:4'],
    ['init waits', pod({ initContainerStatuses: [waiting('ImagePullBackOff')] }, inits), 'Init:ImagePullBackOff'],
    ['init initializing', pod({ initContainerStatuses: [waiting('PodInitializing')] }, inits), 'Init:0/2'],
    [
      'sidecar started',
      pod(
        { phase: 'Running', initContainerStatuses: [{ ...runs(), name: 'a' }], containerStatuses: [runs()] },
        sidecar,
      ),
      'Running',
    ],
    ['deleted', pod({ phase: 'Running', containerStatuses: [runs()] }, {}, { deletionTimestamp: 't' }), 'Terminating'],
    ['deleted, at its end', pod({ phase: 'Succeeded' }, {}, { deletionTimestamp: 't' }), 'Succeeded'],
    ['lost', pod({ phase: 'Running', reason: 'NodeLost' }, {}, { deletionTimestamp: 't' }), 'Unknown'],
  ])('%s', (_, given, printed) => {
    expect(printedPodStatus(given)).toBe(printed)
  })
})

describe('words', () => {
  const condition = (type: string, status: string, reason = ''): object => ({
    status: { conditions: [{ type, status, reason }] },
  })
  const deployment = (status: object): object => ({
    metadata: { generation: 2 },
    spec: { replicas: 3 },
    status: { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3, ...status },
  })
  it.each([
    ['pods', 'Ready', condition('Ready', 'True'), true],
    ['pods', 'Ready', { ...condition('Ready', 'True'), metadata: { deletionTimestamp: 't' } }, false],
    ['pods', 'Terminating', { metadata: { deletionTimestamp: 't' }, status: {} }, true],
    ['pods', 'Unschedulable', condition('PodScheduled', 'False', 'Unschedulable'), true],
    ['pods', 'Unschedulable', condition('PodScheduled', 'False', 'SchedulingGated'), false],
    ['pods', 'SchedulingGated', condition('PodScheduled', 'False', 'SchedulingGated'), true],
    ['pods', 'Scheduled', condition('PodScheduled', 'True'), true],
    ['pods', 'Preempted', condition('DisruptionTarget', 'True', 'PreemptionByScheduler'), true],
    ['pods', 'Preempted', condition('DisruptionTarget', 'True', 'EvictionByEvictionAPI'), false],
    ['nodes', 'NotReady', condition('Ready', 'Unknown'), true],
    ['nodes', 'NotReady', { status: {} }, false],
    ['nodes', 'Cordoned', { spec: { unschedulable: true } }, true],
    ['deployments.apps', 'RolledOut', deployment({}), true],
    ['deployments.apps', 'RolledOut', deployment({ observedGeneration: 1 }), false],
    ['deployments.apps', 'RolledOut', deployment({ updatedReplicas: 2 }), false],
    ['deployments.apps', 'RolledOut', deployment({ replicas: 4 }), false],
    ['deployments.apps', 'RolledOut', deployment({ availableReplicas: 2 }), false],
    [
      'deployments.apps',
      'RolledOut',
      deployment({ conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] }),
      false,
    ],
    ['deployments.apps', 'Scaling', deployment({ replicas: 2 }), true],
    ['deployments.apps', 'Paused', { spec: { paused: true } }, true],
    [
      'statefulsets.apps',
      'RolledOut',
      {
        ...deployment({ readyReplicas: 3, updatedReplicas: 1 }),
        spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
      },
      true,
    ],
    [
      'statefulsets.apps',
      'RolledOut',
      { ...deployment({ readyReplicas: 3 }), spec: { replicas: 3, updateStrategy: { type: 'OnDelete' } } },
      false,
    ],
    ['statefulsets.apps', 'Progressing', deployment({ readyReplicas: 2 }), true],
    [
      'daemonsets.apps',
      'RolledOut',
      { status: { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 } },
      true,
    ],
    ['daemonsets.apps', 'Available', { status: { desiredNumberScheduled: 2, numberAvailable: 1 } }, false],
    ['daemonsets.apps', 'Scaling', { status: { desiredNumberScheduled: 2, currentNumberScheduled: 1 } }, true],
    ['replicasets.apps', 'RolledOut', deployment({}), true],
    ['jobs.batch', 'Active', { status: { active: 1 } }, true],
    ['jobs.batch', 'Failed', condition('Failed', 'True'), true],
    ['cronjobs.batch', 'Suspended', { spec: { suspend: true } }, true],
    ['cronjobs.batch', 'Active', { status: { active: [{}] } }, true],
    ['persistentvolumeclaims', 'Bound', { status: { phase: 'Bound' } }, true],
    ['namespaces', 'Active', { status: { phase: 'Terminating' } }, false],
    ['services', 'Pending', { spec: { type: 'LoadBalancer' }, status: { loadBalancer: {} } }, true],
    ['services', 'Pending', { spec: { type: 'ClusterIP' }, status: { loadBalancer: {} } }, false],
    ['widgets.example.com', 'Synced', condition('Synced', 'True'), true],
    ['widgets.example.com', 'Synced', {}, false],
  ])('%s is %s %#', (resource, word, fields, holds) => {
    expect(judgeStateWord(resource, word, object(fields))).toBe(holds)
  })

  it('a service is Ready by the endpoints of its own slices', () => {
    const slice = (service: string, ready?: boolean): KubeObject =>
      object({
        metadata: { labels: { 'kubernetes.io/service-name': service } },
        endpoints: [{ conditions: { ready } }],
      })
    const judged = (...slices: KubeObject[]): boolean =>
      judgeStateWord('services', 'Ready', object({}), { list: () => slices })
    expect([
      judged(),
      judged(slice('y', true)),
      judged(slice('x', false)),
      judged(slice('x', true)),
      judged(slice('x')),
    ]).toEqual([false, false, false, true, true])
  })

  it('knows which words a kind has', () => {
    expect(stateWords('deployments.apps').words).toEqual([
      'RolledOut',
      'Available',
      'Progressing',
      'ReplicaFailure',
      'Paused',
      'Scaling',
      'Terminating',
    ])
    expect(isStateWord('deployments.apps', 'Ready')).toBe(false)
    expect(isStateWord('pods', 'Init:0/2')).toBe(true)
    expect(isStateWord('pods', 'Init:Whatever')).toBe(false)
    expect(isStateWord('pods', 'example.com/feature')).toBe(true)
    expect(isStateWord('widgets.example.com', 'Anything')).toBe(true)
    expect(isStateWord('kubelet', 'Up')).toBe(true)
    expect(isStateWord('kubelet', 'Ready')).toBe(false)
  })

  it('tells the causes behind a word', () => {
    const unschedulable = pod({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }],
      containerStatuses: [{ name: 'app', state: { waiting: { reason: 'X', message: 'y' } } }],
    })
    expect(stateCauses('pods', 'Unschedulable', unschedulable, false)).toEqual([
      { reason: 'Unschedulable', message: '0/3 nodes', where: 'condition PodScheduled' },
    ])
    expect(stateCauses('pods', 'Pending', unschedulable, false).map((one) => one.reason)).toEqual([
      'Unschedulable',
      'X',
    ])
    expect(stateCauses('pods', 'Ready', unschedulable, true)).toEqual([])
    const stalled = object({ status: { conditions: [{ type: 'Progressing', status: 'False', reason: 'Late' }] } })
    expect(stateCauses('deployments.apps', 'Progressing', stalled, true).map((one) => one.reason)).toEqual(['Late'])
    const moving = object({ status: { conditions: [{ type: 'Progressing', status: 'True', reason: 'Late' }] } })
    expect(stateCauses('deployments.apps', 'Progressing', moving, true)).toEqual([])
    expect(rolloutRows('pods', moving)).toBeUndefined()
  })
})
