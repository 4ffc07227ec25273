import { textToBase64 } from './text-to-base64.ts'
import type { Defaulters } from './defaulter.ts'
import { change, changeEach, fillNil, fillZero, replace, type Fields } from './fill.ts'

const core = 'io.k8s.api.core.v1.'

const namespace = (value: Fields): Fields => {
  const metadata = (value['metadata'] as Fields | undefined) ?? {}
  const name = metadata['name']
  const labels = (metadata['labels'] as Fields | undefined) ?? {}
  if (typeof name !== 'string' || name === '' || labels['kubernetes.io/metadata.name'] === name) return value
  return replace(value, { metadata: replace(metadata, { labels: { ...labels, 'kubernetes.io/metadata.name': name } }) })
}

/** stringData is merged into data when a Secret is read (Convert_v1_Secret_To_core_Secret). */
const secret = (value: Fields): Fields => {
  const texts = value['stringData'] as Readonly<Record<string, string>> | undefined
  if (texts === undefined) return fillZero(value, { type: 'Opaque' })
  const data: Record<string, unknown> = { ...(value['data'] as Fields | undefined) }
  for (const key of Object.keys(texts)) data[key] = textToBase64(texts[key] ?? '')
  return fillZero(replace(value, { data, stringData: undefined }), { type: 'Opaque' })
}

/** Nil and empty are one on the wire: maps without entries stay out. */
const withEntries = (value: Fields, key: string, entries: Fields): Fields => {
  const before = (value[key] as Fields | undefined) ?? {}
  const after = fillNil(before, entries)
  return after === before ? value : replace(value, { [key]: after })
}

const limitRangeItem = (value: Fields): Fields => {
  if (value['type'] !== 'Container') return value
  let out = withEntries(value, 'default', (value['max'] as Fields | undefined) ?? {})
  out = withEntries(out, 'defaultRequest', (out['default'] as Fields | undefined) ?? {})
  return withEntries(out, 'defaultRequest', (out['min'] as Fields | undefined) ?? {})
}

const replicationController = (value: Fields): Fields => {
  const spec = (value['spec'] as Fields | undefined) ?? {}
  const template = spec['template'] as Fields | undefined
  const labels = (template?.['metadata'] as Fields | undefined)?.['labels']
  if (labels === undefined) return value
  const metadata = (value['metadata'] as Fields | undefined) ?? {}
  return replace(value, { spec: fillNil(spec, { selector: labels }), metadata: fillNil(metadata, { labels }) })
}

/**
 * The single field and the first of the list are one internal field: where they differ, the single one is right, and the list
 * holds it alone (Convert_v1_PodStatus_To_core_PodStatus, Convert_v1_NodeSpec_To_core_NodeSpec and back).
 */
const plural = (value: Fields, single: string, list: string, wrap: (text: unknown) => unknown): Fields => {
  const own = value[single]
  const items = (value[list] as readonly unknown[] | undefined | null) ?? []
  const first = items[0] as Fields | string | undefined
  const head = typeof first === 'object' ? first['ip'] : first
  if (own === head) return value
  if (own === undefined) return replace(value, { [single]: head })
  return replace(value, { [list]: [wrap(own)] })
}

/** pkg/apis/core/v1/defaults.go, the small kinds. */
export const coreDefaulters: Defaulters = {
  [`${core}Namespace`]: namespace,
  [`${core}NodeSpec`]: (value) => plural(value, 'podCIDR', 'podCIDRs', (one) => one),
  [`${core}PodStatus`]: (value) => plural(value, 'podIP', 'podIPs', (ip) => ({ ip })),
  [`${core}NamespaceStatus`]: (value) => fillZero(value, { phase: 'Active' }),
  [`${core}NodeStatus`]: (value) =>
    value['capacity'] === undefined ? value : fillNil(value, { allocatable: value['capacity'] }),
  [`${core}Secret`]: secret,
  [`${core}PersistentVolume`]: (value) =>
    change(
      change(value, 'spec', (spec) =>
        fillZero(fillNil(spec ?? {}, { volumeMode: 'Filesystem' }), { persistentVolumeReclaimPolicy: 'Retain' }),
      ),
      'status',
      (status) => fillZero(status ?? {}, { phase: 'Pending' }),
    ),
  [`${core}PersistentVolumeClaim`]: (value) =>
    change(value, 'status', (status) => fillZero(status ?? {}, { phase: 'Pending' })),
  [`${core}PersistentVolumeClaimSpec`]: (value) => fillNil(value, { volumeMode: 'Filesystem' }),
  [`${core}Endpoints`]: (value) =>
    changeEach(value, 'subsets', (subset) =>
      changeEach(subset, 'ports', (port) => fillZero(port, { protocol: 'TCP' })),
    ),
  [`${core}LimitRangeItem`]: limitRangeItem,
  [`${core}ReplicationController`]: replicationController,
}
