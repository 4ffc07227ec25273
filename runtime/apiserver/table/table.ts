import type { KubeObject } from '../../../api/object.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import { flag, list, map, number, optionalText, struct, text, type View } from '../../../api/validation/view.ts'
import { ageOf, nameOf, objectAge, type Cell, type RowContext } from './cell-texts.ts'
import * as cluster from './cluster-rows.ts'
import { customCells, customColumns } from './custom-row.ts'
import recordedColumns from './columns.json' with { type: 'json' }
import * as machinery from './machinery-rows.ts'
import * as network from './network-rows.ts'
import { podCells, podConditions } from './pod-row.ts'
import * as workloads from './workload-rows.ts'

type Cells = (object: View, context: RowContext) => readonly Cell[]

/** pkg/printers/internalversion: a table's definition, and how an object becomes a row of it. By group and plural. */
const cells: Readonly<Record<string, Cells>> = {
  pods: podCells,
  'apps/deployments': workloads.deploymentCells,
  'apps/replicasets': workloads.replicaSetCells,
  'apps/statefulsets': workloads.statefulSetCells,
  'apps/daemonsets': workloads.daemonSetCells,
  'apps/controllerrevisions': workloads.controllerRevisionCells,
  'batch/jobs': workloads.jobCells,
  'batch/cronjobs': workloads.cronJobCells,
  'autoscaling/horizontalpodautoscalers': workloads.autoscalerCells,
  'policy/poddisruptionbudgets': workloads.disruptionBudgetCells,
  replicationcontrollers: workloads.replicationControllerCells,
  podtemplates: workloads.podTemplateCells,
  services: network.serviceCells,
  'networking.k8s.io/ingresses': network.ingressCells,
  'networking.k8s.io/networkpolicies': network.networkPolicyCells,
  'discovery.k8s.io/endpointslices': network.endpointSliceCells,
  endpoints: network.endpointsCells,
  'admissionregistration.k8s.io/validatingadmissionpolicies': network.policyCells,
  'flowcontrol.apiserver.k8s.io/flowschemas': machinery.flowSchemaCells,
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations': machinery.priorityLevelCells,
  'apiregistration.k8s.io/apiservices': machinery.apiServiceCells,
  'networking.k8s.io/servicecidrs': machinery.serviceCidrCells,
  'networking.k8s.io/ipaddresses': machinery.ipAddressCells,
  nodes: cluster.nodeCells,
  persistentvolumes: cluster.volumeCells,
  persistentvolumeclaims: cluster.claimCells,
  events: cluster.eventCells,
  'events.k8s.io/events': cluster.eventCells,
  resourcequotas: cluster.quotaCells,
  'storage.k8s.io/storageclasses': cluster.storageClassCells,
  'storage.k8s.io/csidrivers': cluster.csiDriverCells,
  'networking.k8s.io/ingressclasses': cluster.ingressClassCells,
  'rbac.authorization.k8s.io/rolebindings': cluster.bindingCells,
  'rbac.authorization.k8s.io/clusterrolebindings': cluster.bindingCells,
  configmaps: (object, context) => [
    nameOf(object),
    Object.keys(map(object, 'data')).length + Object.keys(map(object, 'binaryData')).length,
    objectAge(object, context),
  ],
  secrets: (object, context) => [
    nameOf(object),
    text(object, 'type'),
    Object.keys(map(object, 'data')).length,
    objectAge(object, context),
  ],
  serviceaccounts: (object, context) => [nameOf(object), objectAge(object, context)],
  namespaces: (object, context) => [
    nameOf(object),
    text(struct(object, 'status'), 'phase'),
    objectAge(object, context),
  ],
  'coordination.k8s.io/leases': (object, context) => [
    nameOf(object),
    text(struct(object, 'spec'), 'holderIdentity'),
    objectAge(object, context),
  ],
  'scheduling.k8s.io/priorityclasses': (object, context) => [
    nameOf(object),
    number(object, 'value'),
    flag(object, 'globalDefault'),
    objectAge(object, context),
    text(object, 'preemptionPolicy'),
  ],
  'node.k8s.io/runtimeclasses': (object, context) => [
    nameOf(object),
    text(object, 'handler'),
    objectAge(object, context),
  ],
  'storage.k8s.io/csinodes': (object, context) => [
    nameOf(object),
    list(struct(object, 'spec'), 'drivers').length,
    objectAge(object, context),
  ],
  'storage.k8s.io/volumeattachments': (object, context) => {
    const spec = struct(object, 'spec')
    return [
      nameOf(object),
      text(spec, 'attacher'),
      optionalText(struct(spec, 'source'), 'persistentVolumeName') ?? '',
      text(spec, 'nodeName'),
      flag(struct(object, 'status'), 'attached'),
      objectAge(object, context),
    ]
  },
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': (object, context) => [
    nameOf(object),
    list(object, 'webhooks').length,
    objectAge(object, context),
  ],
  'admissionregistration.k8s.io/validatingwebhookconfigurations': (object, context) => [
    nameOf(object),
    list(object, 'webhooks').length,
    objectAge(object, context),
  ],
}

const columns = recordedColumns as Readonly<Record<string, readonly object[]>>
/** Kinds with the columns of another. */
const sameColumns: Readonly<Record<string, string>> = {
  'events.k8s.io/events': 'events',
  'admissionregistration.k8s.io/validatingwebhookconfigurations':
    'admissionregistration.k8s.io/mutatingwebhookconfigurations',
}
/** rest.NewDefaultTableConvertor: what limit ranges, roles and the like have. */
const defaultColumns = columns['limitranges']!
const defaultCells: Cells = (object) => [nameOf(object), text(struct(object, 'metadata'), 'creationTimestamp')]
/** The convertor of a custom resource without columns of its own shows the age. */
const plainCustomColumns = columns['serviceaccounts']!.map((column) =>
  (column as { readonly name: string }).name === 'Age' ? { ...column, type: 'date' } : column,
)
const plainCustomCells: Cells = (object, context) => [
  nameOf(object),
  ageOf(struct(object, 'metadata')['creationTimestamp'], context),
]

const keyOf = ({ group, plural }: Resource): string => (group === '' ? plural : `${group}/${plural}`)

export interface Row {
  readonly cells: readonly (Cell | null)[]
  readonly conditions?: readonly object[]
}

/** The order of a list's rows, where it is not that of its objects. */
export const rowOrderOf = (resource: Resource): ((a: View, b: View) => number) | undefined =>
  resource.kind === 'FlowSchema' ? machinery.byPrecedence : undefined

export const columnsOf = (resource: Resource): readonly object[] => {
  if (resource.type === undefined) {
    const own = resource.custom?.columns ?? []
    return own.length === 0 ? plainCustomColumns : customColumns(plainCustomColumns[0]!, own)
  }
  const key = keyOf(resource)
  return columns[sameColumns[key] ?? key] ?? defaultColumns
}

export const rowOf = (resource: Resource, object: KubeObject, context: RowContext): Row => {
  const view = object as unknown as View
  if (resource.type === undefined) {
    const own = resource.custom?.columns ?? []
    return { cells: own.length === 0 ? plainCustomCells(view, context) : customCells(resource, view, context) }
  }
  const of = cells[keyOf(resource)] ?? defaultCells
  const conditions = resource.id === 'v1/Pod' ? podConditions(view) : undefined
  return { cells: of(view, context), ...(conditions === undefined ? {} : { conditions }) }
}
