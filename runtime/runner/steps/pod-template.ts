import type { KubeObject } from '../../../api/object.ts'

interface Container {
  readonly name: string
  readonly image?: string
}

interface PodSpecShape {
  readonly containers?: readonly Container[]
  readonly initContainers?: readonly Container[]
}

/** Where a kind keeps its pods' spec. Mirrors polymorphichelpers.updatePodSpecForObject of kubectl (v1.36). */
export const podSpecPath = (resource: string): readonly string[] | undefined => {
  switch (resource) {
    case 'pods':
      return ['spec']
    case 'cronjobs.batch':
      return ['spec', 'jobTemplate', 'spec', 'template', 'spec']
    case 'deployments.apps':
    case 'daemonsets.apps':
    case 'statefulsets.apps':
    case 'replicasets.apps':
    case 'replicationcontrollers':
    case 'jobs.batch':
      return ['spec', 'template', 'spec']
    default:
      return undefined
  }
}

export const podSpecAt = (object: KubeObject, path: readonly string[]): PodSpecShape => {
  let here: unknown = object
  for (const field of path) here = (here as Readonly<Record<string, unknown>> | undefined)?.[field]
  return here ?? {}
}

/** `{ spec: { template: { … } } }` around an innermost value. */
export const nested = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight<unknown>((inner, field) => ({ [field]: inner }), value)
