import { merged } from '../../../api/json/merged.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { Binding, Pod } from '../../../api/types/core-v1.generated.ts'
import type { ServerContext } from '../server-context.ts'
import type { AdmissionPlugin } from './plugin.ts'

const copied = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']

const labelsOf = (context: ServerContext, node: string): Record<string, string> | undefined => {
  const labels = context.lookup('v1/Node', undefined, node)?.metadata.labels
  if (labels === undefined) return undefined
  let found: Record<string, string> | undefined
  for (const key of copied) if (labels[key] !== undefined) (found ??= {})[key] = labels[key]
  return found
}

/** plugin/pkg/admission/podtopologylabels */
export const podTopologyLabels: AdmissionPlugin = {
  name: 'PodTopologyLabels',
  handles: (operation, resource, subresource) =>
    resource.id === 'v1/Pod' &&
    ((operation === 'CREATE' && (subresource === 'binding' || subresource === '')) ||
      (operation === 'UPDATE' && subresource === '')),
  mutate(context, attributes, object): KubeObject {
    let node: string | undefined
    if (attributes.subresource === 'binding') {
      const target = (object as unknown as Binding).target as Binding['target'] | undefined
      node = target?.kind === 'Node' ? target.name : undefined
    } else node = (object as Pod).spec?.nodeName
    if (node === undefined || node === '') return object
    const labels = labelsOf(context, node)
    if (labels === undefined) return object
    const known = object.metadata.labels
    if (known !== undefined && Object.keys(labels).every((key) => known[key] === labels[key])) return object
    return merged(object, { metadata: merged(object.metadata, { labels: { ...known, ...labels } }) })
  },
}
