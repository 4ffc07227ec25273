import { isLabelKey } from '../names/label-names.ts'
import { quantityOf } from '../quantity/parse-quantity.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { utf8Length } from '../names/utf8-length.ts'
import { dnsSubdomainCauses, nonNegative } from './field-causes.ts'
import { duplicate, forbidden, invalid, invalids, notSupported, required, tooLong, type Cause } from './cause.ts'
import { labelNameCauses, labelSelectorCauses } from './label-selector.ts'
import { immutable } from './object-meta.ts'
import type { Strategy } from './strategy.ts'
import { csiDriverNameCauses } from './volume-sources.ts'
import { child, list, map, number, optionalNumber, optionalText, strings, struct, text, type View } from './view.ts'

const maxParameters = 512
const maxSize = 256 * 1024

const provisionerCauses = (provisioner: string, path: string): Cause[] =>
  provisioner === ''
    ? [required(path)]
    : invalids(path, provisioner.toLowerCase(), isLabelKey(provisioner.toLowerCase()))

const parameterCauses = (parameters: Readonly<Record<string, string>>, path: string): Cause[] => {
  const keys = Object.keys(parameters)
  if (keys.length > maxParameters) return [tooLong(path, maxParameters)]
  const causes = keys.filter((key) => key === '').map((key) => invalid(path, key, 'field can not be empty.'))
  const size = keys.reduce((sum, key) => sum + utf8Length(key) + utf8Length(parameters[key] ?? ''), 0)
  if (size > maxSize) causes.push(tooLong(path, maxSize))
  return causes
}

const topologyCauses = (object: View): Cause[] =>
  list(object, 'allowedTopologies').flatMap((term, i) => {
    const seen = new Set<string>()
    return list(term, 'matchLabelExpressions').flatMap((requirement, j) => {
      const at = `allowedTopologies[${i}].matchLabelExpressions[${j}]`
      const values = strings(requirement, 'values')
      const causes = values.length === 0 ? [required(`${at}.values`)] : []
      values.forEach((value, k) => {
        if (values.indexOf(value) < k) causes.push(duplicate(`${at}.values[${k}]`, value))
      })
      const key = text(requirement, 'key')
      causes.push(...labelNameCauses(key, `${at}.key`))
      if (seen.has(key)) causes.push(duplicate(`${at}.key`, key))
      seen.add(key)
      return causes
    })
  })

const choice = (object: View, key: string, supported: readonly string[], path: string): Cause[] => {
  const value = optionalText(object, key)
  return value === undefined || supported.includes(value) ? [] : [notSupported(path, value, supported)]
}

/** pkg/registry/storage/storageclass/strategy.go */
export const storageClassStrategy: Strategy = {
  validate: (object) => [
    ...provisionerCauses(text(object, 'provisioner'), 'provisioner'),
    ...parameterCauses(map(object, 'parameters'), 'parameters'),
    ...(text(object, 'reclaimPolicy') === ''
      ? []
      : choice(object, 'reclaimPolicy', ['Delete', 'Retain'], 'reclaimPolicy')),
    ...(object['volumeBindingMode'] === undefined
      ? [required('volumeBindingMode')]
      : choice(object, 'volumeBindingMode', ['Immediate', 'WaitForFirstConsumer'], 'volumeBindingMode')),
    ...topologyCauses(object),
  ],
  revalidates: 'before',
  validateUpdate: (object, old) =>
    ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'].flatMap((key) =>
      immutable(key, object[key], old[key]),
    ),
}

/** pkg/registry/storage/volumeattributesclass/strategy.go */
export const volumeAttributesClassStrategy: Strategy = {
  validate: (object) => [
    ...provisionerCauses(text(object, 'driverName'), 'driverName'),
    ...parameterCauses(map(object, 'parameters'), 'parameters'),
    ...(Object.keys(map(object, 'parameters')).length === 0
      ? [required('parameters', 'must contain at least one key/value pair')]
      : []),
  ],
  revalidates: 'after',
  validateUpdate: (object, old) => [
    ...(text(object, 'driverName') === text(old, 'driverName')
      ? []
      : [forbidden('driverName', 'updates to driverName are forbidden.')]),
    ...(structuralEqual(object['parameters'], old['parameters'])
      ? []
      : [forbidden('parameters', 'updates to parameters are forbidden.')]),
  ],
}

const tokenCauses = (spec: View): Cause[] => {
  const seen = new Set<string>()
  return list(spec, 'tokenRequests').flatMap((request, i) => {
    const at = `spec.tokenRequests[${i}]`
    const audience = text(request, 'audience')
    if (seen.has(audience)) return [duplicate(`${at}.audience`, audience)]
    seen.add(audience)
    const seconds = optionalNumber(request, 'expirationSeconds')
    if (seconds === undefined) return []
    return [
      ...(seconds < 600
        ? [invalid(`${at}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes')]
        : []),
      ...(seconds > 4294967296
        ? [invalid(`${at}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds')]
        : []),
    ]
  })
}

const csiDriverCauses = (object: View): Cause[] => {
  const spec = struct(object, 'spec')
  const modes = ['Persistent', 'Ephemeral']
  const period = optionalNumber(spec, 'nodeAllocatableUpdatePeriodSeconds')
  return [
    ...choice(spec, 'fsGroupPolicy', ['File', 'None', 'ReadWriteOnceWithFSType'], 'spec.fsGroupPolicy'),
    ...tokenCauses(spec),
    ...strings(spec, 'volumeLifecycleModes')
      .filter((mode) => !modes.includes(mode))
      .map((mode) => notSupported('spec.volumeLifecycleModes', mode, modes)),
    ...(period !== undefined && period < 10
      ? [invalid('spec.nodeAllocatableUpdatePeriodSeconds', period, 'must be greater than or equal to 10 seconds')]
      : []),
    ...(spec['serviceAccountTokenInSecrets'] !== undefined && list(spec, 'tokenRequests').length === 0
      ? [
          invalid(
            'spec.serviceAccountTokenInSecrets',
            spec['serviceAccountTokenInSecrets'],
            'serviceAccountTokenInSecrets is set but no tokenRequests are specified',
          ),
        ]
      : []),
  ]
}

/** VolumeLimitScaling is off by default. */
const plainDriver = (object: View): View => {
  const spec = struct(object, 'spec')
  if (spec['preventPodSchedulingIfMissing'] === undefined) return object
  const { preventPodSchedulingIfMissing: _, ...rest } = spec
  return { ...object, spec: rest }
}

/** pkg/registry/storage/csidriver/strategy.go */
export const csiDriverStrategy: Strategy = {
  generation: (object, old) => !structuralEqual(object['spec'], old['spec']),
  prepareForCreate: plainDriver,
  prepareForUpdate: plainDriver,
  validate: csiDriverCauses,
  validateUpdate: (object, old) => {
    const spec = struct(object, 'spec')
    const before = struct(old, 'spec')
    return [
      ...csiDriverCauses(object),
      ...immutable('spec.attachedRequired', spec['attachRequired'], before['attachRequired']),
      ...immutable('spec.volumeLifecycleModes', spec['volumeLifecycleModes'], before['volumeLifecycleModes']),
    ]
  },
}

const csiNodeCauses = (object: View): Cause[] => {
  const seen = new Set<string>()
  return list(struct(object, 'spec'), 'drivers').flatMap((driver, i) => {
    const at = `spec.drivers[${i}]`
    const name = text(driver, 'name')
    const id = text(driver, 'nodeID')
    const causes = csiDriverNameCauses(name, `${at}.name`)
    if (id === '') causes.push(required(`${at}.nodeID`))
    if (id.length > 256) causes.push(invalid(`${at}.nodeID`, id, 'must be 256 characters or less'))
    causes.push(...nonNegative(optionalNumber(child(driver, 'allocatable'), 'count'), `${at}.allocatable.count`))
    if (seen.has(name)) causes.push(duplicate(`${at}.name`, name))
    seen.add(name)
    const keys = new Set<string>()
    for (const key of strings(driver, 'topologyKeys')) {
      if (key === '') causes.push(required(at))
      if (keys.has(key)) causes.push(duplicate(at, key))
      keys.add(key)
      causes.push(...labelNameCauses(key, at))
    }
    return causes
  })
}

const unallocated = (driver: View): View => ({ ...driver, allocatable: undefined })

/** pkg/registry/storage/csinode/strategy.go */
export const csiNodeStrategy: Strategy = {
  validate: csiNodeCauses,
  revalidates: 'before',
  updatesMetadata: false,
  validateUpdate: (object, old) =>
    list(struct(old, 'spec'), 'drivers').flatMap((before) =>
      list(struct(object, 'spec'), 'drivers')
        .filter((now) => text(now, 'name') === text(before, 'name'))
        .filter((now) => !structuralEqual(unallocated(now), unallocated(before)))
        .map((now) =>
          invalid(
            'spec.drivers',
            { typed: unallocated(now), type: 'io.k8s.api.storage.v1.CSINodeDriver' },
            'field is immutable',
          ),
        ),
    ),
}

const attachmentCauses = (object: View): Cause[] => {
  const spec = struct(object, 'spec')
  const source = struct(spec, 'source')
  const volume = optionalText(source, 'persistentVolumeName')
  const inline = child(source, 'inlineVolumeSpec')
  const told = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'
  const causes = csiDriverNameCauses(text(spec, 'attacher'), 'spec.attacher')
  if (volume === undefined && inline === undefined) causes.push(required('spec.source', told))
  else if (volume !== undefined && inline !== undefined) causes.push(forbidden('spec.source', told))
  else if (volume === '') {
    causes.push(required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName'))
  }
  causes.push(...dnsSubdomainCauses(text(spec, 'nodeName'), 'spec.nodeName'))
  for (const key of ['attachError', 'detachError']) {
    const error = child(struct(object, 'status'), key)
    if (error !== undefined && text(error, 'message').length > 1024)
      causes.push(tooLong(`status.${key}.message`, maxSize))
    if (error !== undefined && number(error, 'errorCode') < 0) {
      causes.push(
        invalid(`status.${key}.errorCode`, number(error, 'errorCode'), 'must be between 0 and 2147483647, inclusive'),
      )
    }
  }
  if (volume !== undefined) causes.push(...dnsSubdomainCauses(volume, 'spec.source.persistentVolumeName'))
  return causes
}

/** pkg/registry/storage/volumeattachment/strategy.go */
export const volumeAttachmentStrategy: Strategy = {
  statusResetsMetadata: true,
  validate: attachmentCauses,
  revalidates: 'before',
  updatesMetadata: false,
  validateUpdate: (object, old) =>
    structuralEqual(object['spec'], old['spec'])
      ? []
      : [
          invalid(
            'spec',
            { typed: object['spec'], type: 'io.k8s.api.storage.v1.VolumeAttachmentSpec' },
            'field is immutable',
          ),
        ],
}

/** pkg/registry/storage/csistoragecapacity/strategy.go */
export const csiStorageCapacityStrategy: Strategy = {
  validate: (object) => {
    const capacity = optionalText(object, 'capacity')
    return [
      ...labelSelectorCauses(child(object, 'nodeTopology'), 'nodeTopology'),
      ...dnsSubdomainCauses(text(object, 'storageClassName'), 'storageClassName'),
      ...(capacity !== undefined && quantityOf(capacity).unscaled < 0n
        ? [invalid('capacity', capacity, 'must be greater than or equal to 0')]
        : []),
    ]
  },
  revalidates: 'before',
  validateUpdate: (object, old) =>
    ['nodeTopology', 'storageClassName'].flatMap((key) => immutable(key, object[key], old[key])),
}
