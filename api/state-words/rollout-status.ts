import type { KubeObject } from '../object.ts'
import { conditionOf } from './condition-of.ts'

/** The numbers of a workload that its rollout is judged by, whatever its kind. */
interface Workload extends KubeObject {
  readonly spec?: {
    readonly replicas?: number
    readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } }
  }
  readonly status?: Readonly<Record<string, unknown>>
}

/** One condition of the rollout: a field, what it must reach and what it is. */
export interface RolloutRow {
  readonly what: string
  readonly expected: string
  readonly actual: string
  readonly holds: boolean
}

const count = (object: Workload, field: string): number => {
  const value = object.status?.[field]
  return typeof value === 'number' ? value : 0
}

/** Replicas that the spec asks for; the API server defaults them to 1. */
export const wantedReplicas = (object: KubeObject): number => (object as Workload).spec?.replicas ?? 1

const observed = (object: Workload): RolloutRow => {
  const generation = object.metadata.generation ?? 0
  const seen = count(object, 'observedGeneration')
  return {
    what: '.status.observedGeneration',
    expected: `${generation}`,
    actual: `${seen}`,
    holds: seen >= generation,
  }
}

const atLeast = (object: Workload, field: string, wanted: number): RolloutRow => ({
  what: `.status.${field}`,
  expected: `${wanted}`,
  actual: `${count(object, field)}`,
  holds: count(object, field) >= wanted,
})

const exactly = (object: Workload, field: string, wanted: number): RolloutRow => ({
  ...atLeast(object, field, wanted),
  holds: count(object, field) === wanted,
})

const rolling = (object: Workload): RolloutRow => {
  const type = object.spec?.updateStrategy?.type ?? 'RollingUpdate'
  return { what: '.spec.updateStrategy.type', expected: 'RollingUpdate', actual: type, holds: type !== 'OnDelete' }
}

const deploymentRows = (object: Workload): readonly RolloutRow[] => {
  const progressing = conditionOf(object, 'Progressing')
  const updated = count(object, 'updatedReplicas')
  return [
    observed(object),
    {
      what: 'condition Progressing',
      expected: 'deadline not exceeded',
      actual: progressing === undefined ? 'absent' : `${progressing.status}, reason ${progressing.reason ?? ''}`,
      holds: progressing?.reason !== 'ProgressDeadlineExceeded',
    },
    atLeast(object, 'updatedReplicas', wantedReplicas(object)),
    {
      what: '.status.replicas',
      expected: `${updated}`,
      actual: `${count(object, 'replicas')}`,
      holds: count(object, 'replicas') <= updated,
    },
    atLeast(object, 'availableReplicas', updated),
  ]
}

const rowsByResource: Readonly<Record<string, (object: Workload) => readonly RolloutRow[]>> = {
  'deployments.apps': deploymentRows,
  'statefulsets.apps': (object) => {
    const wanted = wantedReplicas(object)
    const partition = object.spec?.updateStrategy?.rollingUpdate?.partition ?? 0
    return [
      rolling(object),
      observed(object),
      atLeast(object, 'readyReplicas', wanted),
      atLeast(object, 'updatedReplicas', Math.max(0, wanted - partition)),
    ]
  },
  'daemonsets.apps': (object) => {
    const wanted = count(object, 'desiredNumberScheduled')
    return [
      rolling(object),
      observed(object),
      atLeast(object, 'updatedNumberScheduled', wanted),
      atLeast(object, 'numberAvailable', wanted),
    ]
  },
  'replicasets.apps': (object) => {
    const wanted = wantedReplicas(object)
    return [observed(object), exactly(object, 'replicas', wanted), exactly(object, 'availableReplicas', wanted)]
  },
  replicationcontrollers: (object) => {
    const wanted = wantedReplicas(object)
    return [observed(object), exactly(object, 'replicas', wanted), exactly(object, 'availableReplicas', wanted)]
  },
}

/** What `RolledOut` asks of a workload, row by row; undefined for a kind that has no rollout. */
export const rolloutRows = (resource: string, object: KubeObject): readonly RolloutRow[] | undefined =>
  rowsByResource[resource]?.(object)

/** Whether the new version is everywhere. Mirrors staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go (v1.36). */
export const rolledOut = (resource: string, object: KubeObject): boolean =>
  rolloutRows(resource, object)?.every((row) => row.holds) ?? false
