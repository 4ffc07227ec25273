import type { KubeObject } from '../../api/object.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'

/** Files every object of a kind under some values; the informer keeps it at each change. */
export interface Index {
  readonly name: string
  /** Values the object is filed under. */
  values(object: KubeObject): readonly string[]
}

const none: readonly string[] = Object.freeze([])

/** Uid of the controller owner; controllerless objects under `orphans/<namespace>` (upstream's orphan index of v1.36). */
export const controllerIndex: Index = {
  name: 'controller',
  values(object) {
    for (const owner of object.metadata.ownerReferences ?? []) if (owner.controller === true) return [owner.uid]
    return [`orphans/${object.metadata.namespace ?? ''}`]
  },
}

/** Pods by the node they are bound to. Unbound pods are not filed. */
export const nodeIndex: Index = {
  name: 'node',
  values(object) {
    const node = (object as Partial<Pod>).spec?.nodeName
    return node === undefined || node === '' ? none : [node]
  },
}

/** Objects by `<namespace>/<value>` of one label key. */
export const labelIndex = (key: string): Index => ({
  name: `label:${key}`,
  values(object) {
    const value = object.metadata.labels?.[key]
    return value === undefined ? none : [`${object.metadata.namespace ?? ''}/${value}`]
  },
})

const labelValues = new WeakMap<object, { readonly namespace: string; readonly values: readonly string[] }>()

/** Objects by `<namespace>/<key>=<value>` of each of their labels: for selectors that name at least one. */
export const labelsIndex: Index = {
  name: 'labels',
  values(object) {
    const { labels, namespace = '' } = object.metadata
    if (labels === undefined) return none
    // Pods of a template share their labels.
    const known = labelValues.get(labels)
    if (known?.namespace === namespace) return known.values
    const values = Object.keys(labels).map((key) => `${namespace}/${key}=${labels[key]!}`)
    labelValues.set(labels, { namespace, values })
    return values
  },
}
