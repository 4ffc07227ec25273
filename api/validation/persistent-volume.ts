import { goDiff } from './go-diff.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { quantityOf } from '../quantity/parse-quantity.ts'
import { nodeSelectorCauses } from './affinity.ts'
import { accessModeCauses, volumeModes } from './claim-spec.ts'
import { dnsSubdomainCauses } from './field-causes.ts'
import { forbidden, invalid, notSupported, required, type Cause } from './cause.ts'
import { noBacksteps } from './paths.ts'
import { quantityValueCauses } from './resources.ts'
import type { PrepareContext, Strategy } from './strategy.ts'
import { csiDriverNameCauses, hostPathCauses, nfsCauses } from './volume-sources.ts'
import { child, map, optionalText, strings, struct, text, type View } from './view.ts'

type SourceCheck = (source: View, path: string) => Cause[]

const localCauses: SourceCheck = (source, path) => {
  const target = text(source, 'path')
  return target === '' ? [required(`${path}.path`)] : noBacksteps(target, `${path}.path`)
}

const secretCauses = (source: View, key: string, path: string): Cause[] => {
  const secret = child(source, key)
  if (secret === undefined) return []
  return ['name', 'namespace'].flatMap((part) =>
    text(secret, part) === '' ? [required(`${path}.${key}.${part}`)] : [],
  )
}

const csiCauses: SourceCheck = (source, path) => [
  ...csiDriverNameCauses(text(source, 'driver'), `${path}.driver`),
  ...(text(source, 'volumeHandle') === '' ? [required(`${path}.volumeHandle`)] : []),
  ...['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef', 'nodeExpandSecretRef'].flatMap(
    (key) => secretCauses(source, key, path),
  ),
]

/** In upstream's order. Sources of retired in-tree drivers are counted but not looked into. */
const sources: readonly (readonly [key: string, check: SourceCheck])[] = [
  ['hostPath', hostPathCauses],
  ['gcePersistentDisk', () => []],
  ['awsElasticBlockStore', () => []],
  ['glusterfs', () => []],
  ['flocker', () => []],
  ['nfs', nfsCauses],
  ['rbd', () => []],
  ['quobyte', () => []],
  ['cephfs', () => []],
  ['iscsi', () => []],
  ['cinder', () => []],
  ['fc', () => []],
  ['flexVolume', () => []],
  ['azureFile', () => []],
  ['vsphereVolume', () => []],
  ['photonPersistentDisk', () => []],
  ['portworxVolume', () => []],
  ['azureDisk', () => []],
  ['scaleIO', () => []],
  ['local', localCauses],
  ['storageos', () => []],
  ['csi', csiCauses],
]

const reclaimPolicies = ['Delete', 'Recycle', 'Retain']

const capacityCauses = (spec: View, path: string): Cause[] => {
  const capacity = map(spec, 'capacity')
  const names = Object.keys(capacity)
  const causes: Cause[] = []
  if (names.length === 0) causes.push(required(`${path}.capacity`))
  if (capacity['storage'] === undefined || names.length > 1)
    causes.push(notSupported(`${path}.capacity`, shownCapacity(capacity), ['storage']))
  for (const name of names) {
    const amount = capacity[name] ?? '0'
    const at = `${path}.capacity[${name}]`
    if (quantityOf(amount).unscaled < 0n) causes.push(invalid(at, Number(amount), 'must be a valid resource quantity'))
    if (quantityOf(amount).unscaled <= 0n) causes.push(invalid(at, amount, 'must be greater than zero'))
    else causes.push(...quantityValueCauses(name, amount, at))
  }
  return causes
}

const shownCapacity = (capacity: Readonly<Record<string, string>>): unknown =>
  Object.keys(capacity).length === 0 ? null : capacity

const sourceCauses = (spec: View, path: string, affinity: boolean): Cause[] => {
  const causes: Cause[] = []
  let count = 0
  for (const [key, check] of sources) {
    const source = child(spec, key)
    if (source === undefined) continue
    if (count > 0) {
      causes.push(forbidden(`${path}.${key}`, 'may not specify more than 1 volume type'))
      continue
    }
    count += 1
    causes.push(...check(source, `${path}.${key}`))
    if (key === 'local' && !affinity)
      causes.push(required(`${path}.nodeAffinity`, 'Local volume requires node affinity'))
  }
  if (count === 0) causes.push(required(path, 'must specify a volume type'))
  return causes
}

const affinityCauses = (spec: View, path: string): { causes: Cause[]; specified: boolean } => {
  const affinity = child(spec, 'nodeAffinity')
  if (affinity === undefined) return { causes: [], specified: false }
  const selector = child(affinity, 'required')
  if (selector === undefined)
    return {
      causes: [required(`${path}.nodeAffinity.required`, 'must specify required node constraints')],
      specified: true,
    }
  return { causes: nodeSelectorCauses(selector, `${path}.nodeAffinity.required`), specified: true }
}

/** ValidatePersistentVolumeSpec */
const specCauses = (volume: View): Cause[] => {
  const spec = struct(volume, 'spec')
  const path = 'spec'
  const modes = strings(spec, 'accessModes')
  const causes = modes.length === 0 ? [required(`${path}.accessModes`)] : []
  causes.push(...accessModeCauses(modes, `${path}.accessModes`), ...capacityCauses(spec, path))
  const policy = text(spec, 'persistentVolumeReclaimPolicy')
  if (policy !== '' && !reclaimPolicies.includes(policy)) {
    causes.push(notSupported(`${path}.persistentVolumeReclaimPolicy`, policy, reclaimPolicies))
  }
  const affinity = affinityCauses(spec, path)
  causes.push(...affinity.causes, ...sourceCauses(spec, path, affinity.specified))
  const root = text(child(spec, 'hostPath'), 'path').replace(/\/+$/, '') === '' && child(spec, 'hostPath') !== undefined
  if (root && policy === 'Recycle') {
    causes.push(forbidden(`${path}.persistentVolumeReclaimPolicy`, "may not be 'recycle' for a hostPath mount of '/'"))
  }
  const className = text(spec, 'storageClassName')
  if (className !== '') causes.push(...dnsSubdomainCauses(className, `${path}.storageClassName`))
  const mode = optionalText(spec, 'volumeMode')
  if (mode !== undefined && !volumeModes.includes(mode))
    causes.push(notSupported(`${path}.volumeMode`, mode, volumeModes))
  const attributes = optionalText(spec, 'volumeAttributesClassName')
  if (attributes !== undefined) {
    const at = `${path}.volumeAttributesClassName`
    causes.push(
      ...(attributes === '' ? [required(at, 'an empty string is disallowed')] : dnsSubdomainCauses(attributes, at)),
    )
    if (child(spec, 'csi') === undefined) {
      causes.push(required(`${path}.csi`, 'has to be specified when using volumeAttributesClassName'))
    }
  }
  return causes
}

const sourceOf = (spec: View): View => Object.fromEntries(sources.map(([key]) => [key, spec[key]]))

const sourceDiff = (old: View, now: View): string =>
  goDiff(
    old,
    now,
    'io.k8s.api.core.v1.PersistentVolumeSpec',
    sources.map(([key]) => key),
  )

const updateCauses = (volume: View, old: View): Cause[] => {
  let spec = struct(volume, 'spec')
  const before = struct(old, 'spec')
  const csi = child(spec, 'csi')
  if (
    csi?.['controllerExpandSecretRef'] !== undefined &&
    child(before, 'csi')?.['controllerExpandSecretRef'] === undefined
  ) {
    const { controllerExpandSecretRef: _, ...rest } = csi
    spec = { ...spec, csi: rest }
  }
  const causes: Cause[] = []
  if (!structuralEqual(sourceOf(spec), sourceOf(before))) {
    causes.push(
      forbidden(
        'spec.persistentvolumesource',
        `spec.persistentvolumesource is immutable after creation\n${sourceDiff(before, spec)}`,
      ),
    )
  }
  if (spec['volumeMode'] !== before['volumeMode'])
    causes.push(invalid('volumeMode', spec['volumeMode'], 'field is immutable'))
  if (before['nodeAffinity'] !== undefined && !structuralEqual(spec['nodeAffinity'], before['nodeAffinity'])) {
    causes.push(
      invalid(
        'nodeAffinity',
        { typed: spec['nodeAffinity'], type: 'io.k8s.api.core.v1.VolumeNodeAffinity' },
        'field is immutable, except for updating from beta label to GA',
      ),
    )
  }
  if (before['volumeAttributesClassName'] !== undefined && spec['volumeAttributesClassName'] === undefined) {
    causes.push(forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'))
  }
  return causes
}

/** When the phase last changed. */
const phaseTime = (volume: View, old: View, { now }: PrepareContext): View => {
  const status = struct(volume, 'status')
  const before = struct(old, 'status')
  const time = status['lastPhaseTransitionTime']
  if (text(status, 'phase') === text(before, 'phase')) {
    return time === undefined
      ? { ...volume, status: { ...status, lastPhaseTransitionTime: before['lastPhaseTransitionTime'] } }
      : volume
  }
  return time === undefined || time === before['lastPhaseTransitionTime']
    ? { ...volume, status: { ...status, lastPhaseTransitionTime: now } }
    : volume
}

/** pkg/registry/core/persistentvolume/strategy.go, ValidatePersistentVolume*. Differs: no diff of sources in texts. */
export const persistentVolumeStrategy: Strategy = {
  prepareForCreate: (volume, { now }) => ({ ...volume, status: { phase: 'Pending', lastPhaseTransitionTime: now } }),
  prepareForStatus: phaseTime,
  validate: specCauses,
  revalidates: 'before',
  updatesMetadata: false,
  validateUpdate: (volume, old) => updateCauses(volume, old),
}
