import type { KubeObject } from '../../../api/object.ts'
import { deepFreeze } from '../../../api/json/deep-freeze.ts'
import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'
import type { Listers } from '../../../runtime/scheduler/framework.ts'

/** What the recorded cases leave out for legibility is put back (see the area's README). */
type Recorded = Readonly<Record<string, unknown>> & { readonly metadata: Readonly<Record<string, unknown>> }

export const storedPod = (recorded: Recorded): Pod => {
  const namespace = (recorded.metadata['namespace'] as string | undefined) ?? 'default'
  const spec = recorded['spec'] as Readonly<Record<string, unknown>>
  const status = (recorded['status'] ?? {}) as Readonly<Record<string, unknown>>
  return deepFreeze({
    apiVersion: 'v1',
    kind: 'Pod',
    ...recorded,
    metadata: { uid: `${namespace}/${recorded.metadata['name'] as string}`, ...recorded.metadata, namespace },
    spec: { schedulerName: 'default-scheduler', ...spec },
    status: { phase: spec['nodeName'] === undefined ? 'Pending' : 'Running', ...status },
  }) as unknown as Pod
}

export const storedNode = (recorded: Recorded): Node =>
  deepFreeze({ apiVersion: 'v1', kind: 'Node', spec: {}, ...recorded }) as unknown as Node

export const storedObject = (recorded: Recorded): KubeObject => {
  if (recorded['kind'] === 'Pod') return storedPod(recorded)
  if (recorded['kind'] === 'Node') return storedNode(recorded)
  return deepFreeze(recorded) as unknown as KubeObject
}

/** Namespaces that only carry their own name are left out of the records. */
export const plainNamespace = (name: string): KubeObject =>
  deepFreeze({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  }) as unknown as KubeObject

export interface ObjectWorld extends Listers {
  set(object: KubeObject): KubeObject | undefined
  delete(kind: string, namespace: string, name: string): KubeObject | undefined
}

export const createObjectWorld = (): ObjectWorld => {
  const kinds = new Map<string, Map<string, KubeObject>>()
  const lists = new Map<string, readonly KubeObject[]>()
  const of = (kind: string): Map<string, KubeObject> => {
    let objects = kinds.get(kind)
    if (objects === undefined) {
      objects = new Map()
      kinds.set(kind, objects)
    }
    return objects
  }
  const touched = (kind: string): void => {
    for (const key of [...lists.keys()]) if (key.startsWith(`${kind} `)) lists.delete(key)
  }
  return {
    get: (kind, namespace, name) => of(kind).get(`${namespace}/${name}`),
    list(kind, namespace) {
      const key = `${kind} ${namespace ?? ''}`
      let list = lists.get(key)
      if (list === undefined) {
        list = [...of(kind)]
          .filter(([, object]) => namespace === undefined || object.metadata.namespace === namespace)
          .sort((a, b) => (a[0] < b[0] ? -1 : 1))
          .map(([, object]) => object)
        lists.set(key, list)
      }
      return list
    },
    set(object) {
      const kind = `${object.apiVersion}/${object.kind}`
      const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`
      const before = of(kind).get(key)
      of(kind).set(key, object)
      touched(kind)
      return before
    },
    delete(kind, namespace, name) {
      const before = of(kind).get(`${namespace}/${name}`)
      of(kind).delete(`${namespace}/${name}`)
      touched(kind)
      return before
    },
  }
}

/** Objects reach an informer in the order of their keys. */
export const byKey = (a: KubeObject, b: KubeObject): number => {
  const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`
  return keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0
}

/** The scheduler's informer does not list pods that have ended. */
export const isTerminal = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
