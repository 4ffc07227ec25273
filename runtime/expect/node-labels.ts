import type { KubeObject } from '../../api/object.ts'
import type { Labels } from '../../api/selectors/label-requirement.ts'

const shortKeys: Readonly<Record<string, string>> = {
  zone: 'topology.kubernetes.io/zone',
  region: 'topology.kubernetes.io/region',
  hostname: 'kubernetes.io/hostname',
}

/** The label behind a short key of node selectors (`zone`, `hostname`); any other key is itself. */
export const nodeLabelKey = (key: string): string => shortKeys[key] ?? key

const widened = new WeakMap<KubeObject, Labels>()

/** A node's labels, the short keys of the language among them; a label of the same name wins. */
export const nodeLabels = (node: KubeObject): Labels => {
  const known = widened.get(node)
  if (known !== undefined) return known
  const own = node.metadata.labels ?? {}
  const labels: Record<string, string> = { ...own }
  for (const [short, key] of Object.entries(shortKeys)) {
    const value = own[key]
    if (value !== undefined) labels[short] ??= value
  }
  widened.set(node, labels)
  return labels
}
