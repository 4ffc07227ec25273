import type { KubeObject } from '../../../api/object.ts'
import { conditionOf } from '../../../api/state-words/condition-of.ts'
import { rolloutRows } from '../../../api/state-words/rollout-status.ts'
import type { WhyLine } from '../../record/finding.ts'
import type { WhyWorld } from './why-world.ts'
import { lastEmission } from './last-entry.ts'
import { whyPod } from './why-pod.ts'

const workloads: ReadonlySet<string> = new Set([
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicationcontrollers',
  'jobs.batch',
])

export const isWorkload = (resource: string): boolean => workloads.has(resource)

/** Pods are explained one by one up to so many. */
const most = 2

const owned = (resource: string, owner: KubeObject, run: WhyWorld): readonly KubeObject[] =>
  run.cluster.state
    .list(resource, owner.metadata.namespace)
    .filter((one) => one.metadata.ownerReferences?.some((reference) => reference.uid === owner.metadata.uid))

const failures: Readonly<Record<string, readonly string[]>> = {
  'deployments.apps': ['ReplicaSetCreateError', 'FailedCreate'],
  'jobs.batch': ['BackoffLimitExceeded', 'DeadlineExceeded', 'FailedCreate'],
}

/** Why a workload is not where it should be: what it waits for, what kept its pods from being made, and its pods that are not Ready. */
export const whyWorkload = (resource: string, namespace: string, name: string, run: WhyWorld): readonly WhyLine[] => {
  const { state, timeline } = run.cluster
  const object = state.get(resource, namespace, name)
  const short = `${resource.split('.')[0]!.replace(/s$/, '')}/${name}`
  if (object === undefined) return [{ what: short, detail: 'is not there', entry: undefined, span: undefined }]
  const lines: WhyLine[] = []
  const row = rolloutRows(resource, object)?.find((one) => !one.holds)
  if (row !== undefined) {
    lines.push({
      what: `${short} waits for ${row.what}`,
      detail: `${row.actual} of ${row.expected}`,
      entry: undefined,
      span: undefined,
    })
  }
  const failure = conditionOf(object, 'ReplicaFailure')
  if (failure?.status === 'True') {
    lines.push({
      what: failure.reason ?? 'ReplicaFailure',
      detail: failure.message ?? '',
      entry: undefined,
      span: undefined,
    })
  }
  const told = lastEmission(timeline, `${resource}/${namespace}/${name}`, failures[resource] ?? ['FailedCreate'])
  if (told !== undefined && failure?.status !== 'True') {
    lines.push({ what: told.emission.reason, detail: told.emission.message, entry: told.entry, span: undefined })
  }
  const parents = resource === 'deployments.apps' ? owned('replicasets.apps', object, run) : [object]
  const newest = [...parents].sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1))
  let shown = 0
  for (const parent of newest) {
    for (const pod of owned('pods', parent, run)) {
      if (shown >= most) return lines
      const why = whyPod(namespace, pod.metadata.name, run)
      if (why.length === 0) continue
      // The pods stand beside each other, each with its own causes below it.
      lines.push(...why.map((line, index) => ({ ...line, depth: 1 + index })))
      shown += 1
    }
  }
  return lines
}
