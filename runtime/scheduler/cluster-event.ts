import type { KubeObject } from '../../api/object.ts'

/** Kinds of change, as bits (staging/src/k8s.io/kube-scheduler/framework/types.go). */
export const action = {
  add: 1,
  delete: 2,
  updateNodeAllocatable: 4,
  updateNodeLabel: 8,
  updateNodeTaint: 16,
  updateNodeCondition: 32,
  updateNodeAnnotation: 64,
  updateNodeDeclaredFeature: 128,
  updatePodLabel: 256,
  updatePodScaleDown: 512,
  updatePodToleration: 1024,
  updatePodSchedulingGatesEliminated: 2048,
  updatePodGeneratedResourceClaim: 4096,
  /** Any update; of objects other than nodes and pods the only one. */
  update: 8188,
  all: 8191,
} as const

export type EventResource =
  | 'Pod'
  | 'AssignedPod'
  | 'UnschedulablePod'
  | 'Node'
  | 'PersistentVolume'
  | 'PersistentVolumeClaim'
  | 'storage.k8s.io/CSINode'
  | 'storage.k8s.io/CSIDriver'
  | 'storage.k8s.io/CSIStorageCapacity'
  | 'storage.k8s.io/StorageClass'
  | 'storage.k8s.io/VolumeAttachment'
  | 'resource.k8s.io/ResourceClaim'
  | 'resource.k8s.io/ResourceSlice'
  | 'resource.k8s.io/DeviceClass'
  | '*'

/** Something that happened in the cluster, as far as it may let a rejected pod be scheduled. */
export interface ClusterEvent {
  readonly resource: EventResource
  readonly actions: number
}

export const anyEvent: ClusterEvent = { resource: '*', actions: action.all }
export const assignedPodAdd: ClusterEvent = { resource: 'AssignedPod', actions: action.add }
export const assignedPodDelete: ClusterEvent = { resource: 'AssignedPod', actions: action.delete }

export const isWildcard = (event: ClusterEvent): boolean => event.resource === '*' && event.actions === action.all

/** MatchClusterEvents: whether who registered `wanted` hears `event`. */
export const matchesEvent = (wanted: ClusterEvent, event: ClusterEvent): boolean =>
  isWildcard(wanted) ||
  ((wanted.resource === event.resource ||
    wanted.resource === '*' ||
    (wanted.resource === 'Pod' && (event.resource === 'AssignedPod' || event.resource === 'UnschedulablePod'))) &&
    (wanted.actions & event.actions) !== 0 &&
    event.actions <= wanted.actions)

const names: readonly (readonly [number, string])[] = [
  [action.add, 'Add'],
  [action.delete, 'Delete'],
  [action.updateNodeAllocatable, 'UpdateNodeAllocatable'],
  [action.updateNodeLabel, 'UpdateNodeLabel'],
  [action.updateNodeTaint, 'UpdateNodeTaint'],
  [action.updateNodeCondition, 'UpdateNodeCondition'],
  [action.updateNodeAnnotation, 'UpdateNodeAnnotation'],
  [action.updateNodeDeclaredFeature, 'UpdateNodeDeclaredFeature'],
  [action.updatePodLabel, 'UpdatePodLabel'],
  [action.updatePodScaleDown, 'UpdatePodScaleDown'],
  [action.updatePodToleration, 'UpdatePodToleration'],
  [action.updatePodSchedulingGatesEliminated, 'UpdatePodSchedulingGatesEliminated'],
  [action.updatePodGeneratedResourceClaim, 'UpdatePodGeneratedResourceClaim'],
  [action.update, 'Update'],
  [action.all, 'All'],
]

/** `NodeUpdateNodeTaint`, `AssignedPodAdd`: ClusterEvent.Label. */
export const eventLabel = (event: ClusterEvent): string =>
  `${event.resource}${names.find(([bits]) => bits === event.actions)?.[1] ?? ''}`

/** The names of the single actions in a set, for tables. */
export const actionNames = (actions: number): readonly string[] => {
  const anyUpdate = (actions & action.update) === action.update
  return names
    .filter(([bits]) => (bits === action.update ? anyUpdate : bits < action.all && (actions & bits) !== 0))
    .filter(([bits]) => !anyUpdate || bits === action.update || (bits & action.update) === 0)
    .map(([, name]) => name)
}

/** The object before and after; a missing one is an addition or a deletion. */
export interface ObjectChange {
  readonly before: KubeObject | undefined
  readonly after: KubeObject | undefined
}
