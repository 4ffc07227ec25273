import {
  child,
  flag,
  list,
  map,
  number,
  optionalText,
  strings,
  struct,
  text,
  type View,
} from '../../../api/validation/view.ts'
import {
  accessModes,
  ageOf,
  nameOf,
  objectAge,
  orElse,
  storageClassOf,
  type Cell,
  type RowContext,
} from './cell-texts.ts'

const rolePrefix = 'node-role.kubernetes.io/'

/** findNodeRoles */
const nodeRoles = (node: View): string => {
  const labels = map(struct(node, 'metadata'), 'labels')
  const roles = new Set<string>()
  for (const key of Object.keys(labels)) {
    if (key.startsWith(rolePrefix)) {
      if (key.length > rolePrefix.length) roles.add(key.slice(rolePrefix.length))
    } else if (key === 'kubernetes.io/role' && labels[key] !== '') roles.add(labels[key]!)
  }
  return orElse([...roles].sort().join(','), '<none>')
}

const addressOf = (status: View, type: string): string => {
  const found = list(status, 'addresses').find((one) => text(one, 'type') === type)
  return found === undefined ? '<none>' : text(found, 'address')
}

export const nodeCells = (node: View, context: RowContext): readonly Cell[] => {
  const status = struct(node, 'status')
  const info = struct(status, 'nodeInfo')
  const ready = list(status, 'conditions').findLast((one) => text(one, 'type') === 'Ready')
  const state = ready === undefined ? 'Unknown' : text(ready, 'status') === 'True' ? 'Ready' : 'NotReady'
  const architecture = text(info, 'architecture')
  return [
    nameOf(node),
    flag(struct(node, 'spec'), 'unschedulable') ? `${state},SchedulingDisabled` : state,
    nodeRoles(node),
    objectAge(node, context),
    text(info, 'kubeletVersion'),
    addressOf(status, 'InternalIP'),
    addressOf(status, 'ExternalIP'),
    orElse(text(info, 'osImage'), '<unknown>'),
    orElse(text(info, 'kernelVersion'), '<unknown>') + (architecture === '' ? '' : ` (${architecture})`),
    orElse(text(info, 'containerRuntimeVersion'), '<unknown>'),
  ]
}

const phaseOf = (object: View): string =>
  text(struct(object, 'metadata'), 'deletionTimestamp') === '' ? text(struct(object, 'status'), 'phase') : 'Terminating'

export const volumeCells = (volume: View, context: RowContext): readonly Cell[] => {
  const spec = struct(volume, 'spec')
  const claim = child(spec, 'claimRef')
  return [
    nameOf(volume),
    map(spec, 'capacity')['storage'] ?? '0',
    accessModes(spec, 'accessModes'),
    text(spec, 'persistentVolumeReclaimPolicy'),
    phaseOf(volume),
    claim === undefined ? '' : `${text(claim, 'namespace')}/${text(claim, 'name')}`,
    storageClassOf(volume),
    optionalText(spec, 'volumeAttributesClassName') ?? '<unset>',
    text(struct(volume, 'status'), 'reason'),
    objectAge(volume, context),
    optionalText(spec, 'volumeMode') ?? '<unset>',
  ]
}

export const claimCells = (claim: View, context: RowContext): readonly Cell[] => {
  const spec = struct(claim, 'spec')
  const status = struct(claim, 'status')
  const bound = text(spec, 'volumeName') !== ''
  return [
    nameOf(claim),
    phaseOf(claim),
    text(spec, 'volumeName'),
    bound ? (map(status, 'capacity')['storage'] ?? '0') : '',
    bound ? accessModes(status, 'accessModes') : '',
    storageClassOf(claim),
    optionalText(spec, 'volumeAttributesClassName') ?? '<unset>',
    objectAge(claim, context),
    optionalText(spec, 'volumeMode') ?? '<unset>',
  ]
}

/** printEvent; a core Event, or one of events.k8s.io, whose fields have other names. */
export const eventCells = (event: View, context: RowContext): readonly Cell[] => {
  const typed = event['regarding'] !== undefined || event['note'] !== undefined
  const about = struct(event, typed ? 'regarding' : 'involvedObject')
  const source = struct(event, typed ? 'deprecatedSource' : 'source')
  const firstSeen = optionalText(event, typed ? 'deprecatedFirstTimestamp' : 'firstTimestamp')
  const lastSeen = optionalText(event, typed ? 'deprecatedLastTimestamp' : 'lastTimestamp')
  const series = child(event, 'series')
  const first = ageOf(firstSeen ?? event['eventTime'], context)
  const last =
    series === undefined
      ? lastSeen === undefined
        ? first
        : ageOf(lastSeen, context)
      : ageOf(series['lastObservedTime'], context)
  const given = number(event, typed ? 'deprecatedCount' : 'count')
  const kind = text(about, 'kind').toLowerCase()
  const component = orElse(text(source, 'component'), text(event, typed ? 'reportingController' : 'reportingComponent'))
  const instance = orElse(text(source, 'host'), text(event, 'reportingInstance'))
  return [
    last,
    text(event, 'type'),
    text(event, 'reason'),
    text(about, 'name') === '' ? kind : `${kind}/${text(about, 'name')}`,
    text(about, 'fieldPath'),
    instance === '' ? component : `${component}, ${instance}`,
    text(event, typed ? 'note' : 'message').trim(),
    first,
    series !== undefined ? number(series, 'count') : given === 0 ? 1 : given,
    nameOf(event),
  ]
}

const isDefault = (object: View, annotation: string): boolean =>
  map(struct(object, 'metadata'), 'annotations')[annotation] === 'true'

export const storageClassCells = (object: View, context: RowContext): readonly Cell[] => [
  nameOf(object) +
    (isDefault(object, 'storageclass.kubernetes.io/is-default-class') ||
    isDefault(object, 'storageclass.beta.kubernetes.io/is-default-class')
      ? ' (default)'
      : ''),
  text(object, 'provisioner'),
  optionalText(object, 'reclaimPolicy') ?? 'Delete',
  optionalText(object, 'volumeBindingMode') ?? 'Immediate',
  flag(object, 'allowVolumeExpansion'),
  objectAge(object, context),
]

export const ingressClassCells = (object: View, context: RowContext): readonly Cell[] => {
  const spec = struct(object, 'spec')
  const parameters = child(spec, 'parameters')
  const group = optionalText(parameters, 'apiGroup')
  return [
    nameOf(object) + (isDefault(object, 'ingressclass.kubernetes.io/is-default-class') ? ' (default)' : ''),
    text(spec, 'controller'),
    parameters === undefined
      ? '<none>'
      : `${text(parameters, 'kind')}${group === undefined ? '' : `.${group}`}/${text(parameters, 'name')}`,
    objectAge(object, context),
  ]
}

export const csiDriverCells = (object: View, context: RowContext): readonly Cell[] => {
  const spec = struct(object, 'spec')
  const tokens = spec['tokenRequests']
  return [
    nameOf(object),
    spec['attachRequired'] !== false,
    flag(spec, 'podInfoOnMount'),
    flag(spec, 'storageCapacity'),
    Array.isArray(tokens)
      ? list(spec, 'tokenRequests')
          .map((one) => text(one, 'audience'))
          .join(',')
      : '<unset>',
    flag(spec, 'requiresRepublish'),
    orElse(strings(spec, 'volumeLifecycleModes').join(','), '<none>'),
    objectAge(object, context),
  ]
}

export const bindingCells = (object: View, context: RowContext): readonly Cell[] => {
  const ref = struct(object, 'roleRef')
  const subjects = (kind: string): string =>
    list(object, 'subjects')
      .filter((one) => text(one, 'kind') === kind)
      .map((one) => (kind === 'ServiceAccount' ? `${text(one, 'namespace')}/${text(one, 'name')}` : text(one, 'name')))
      .join(', ')
  return [
    nameOf(object),
    `${text(ref, 'kind')}/${text(ref, 'name')}`,
    objectAge(object, context),
    subjects('User'),
    subjects('Group'),
    subjects('ServiceAccount'),
  ]
}

export const quotaCells = (object: View, context: RowContext): readonly Cell[] => {
  const status = struct(object, 'status')
  const used = map(status, 'used')
  const hard = map(status, 'hard')
  const shown = (limits: boolean): string =>
    Object.keys(hard)
      .sort()
      .filter((resource) => resource.startsWith('limits.') === limits)
      .map((resource) => `${resource}: ${used[resource] ?? '0'}/${hard[resource]!}`)
      .join(', ')
  return [nameOf(object), shown(false), shown(true), objectAge(object, context)]
}
