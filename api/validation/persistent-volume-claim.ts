import { goDiff } from './go-diff.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { compareQuantities } from '../quantity/compare-quantities.ts'
import { quantityOf } from '../quantity/parse-quantity.ts'
import { claimSpecCauses } from './claim-spec.ts'
import { forbidden, invalid, notSupported, required, type Cause } from './cause.ts'
import { labelNameCauses } from './label-selector.ts'
import { amountsOf, quantityValueCauses } from './resources.ts'
import type { Strategy } from './strategy.ts'
import { child, map, optionalText, strings, struct, text, type View } from './view.ts'
import { wholeValue } from '../quantity/quantity-values.ts'

const storageOf = (claim: View): string =>
  amountsOf(child(struct(claim, 'spec'), 'resources'), 'requests')['storage'] ?? '0'

/** NormalizeDataSources: the two ways to name a source mirror each other. */
const normalSources = (claim: View): View => {
  const spec = struct(claim, 'spec')
  const source = child(spec, 'dataSource')
  const ref = child(spec, 'dataSourceRef')
  if (source !== undefined && ref === undefined) return { ...claim, spec: { ...spec, dataSourceRef: source } }
  if (ref === undefined || source !== undefined || text(ref, 'namespace') !== '') return claim
  const { namespace: _, ...local } = ref
  return { ...claim, spec: { ...spec, dataSource: local } }
}

const withStorage = (spec: View, storage: string): View => {
  const resources = struct(spec, 'resources')
  if (resources['requests'] === undefined) return spec
  return { ...spec, resources: { ...resources, requests: { ...amountsOf(resources, 'requests'), storage } } }
}

const betaClass = 'volume.beta.kubernetes.io/storage-class'

const updateCauses = (claim: View, old: View): Cause[] => {
  let spec = struct(claim, 'spec')
  let before = struct(old, 'spec')
  if (text(before, 'volumeName') === '') before = { ...before, volumeName: spec['volumeName'] }
  const annotations = map(struct(old, 'metadata'), 'annotations')
  const causes: Cause[] = []
  if (map(struct(claim, 'metadata'), 'annotations')[betaClass] !== annotations[betaClass]) {
    causes.push(
      invalid(
        `metadata.annotations[${betaClass}]`,
        map(struct(claim, 'metadata'), 'annotations')[betaClass] ?? '',
        'field is immutable',
      ),
    )
  }
  const own = optionalText(spec, 'storageClassName')
  if (
    own !== undefined &&
    optionalText(before, 'storageClassName') === undefined &&
    (annotations[betaClass] ?? own) === own
  ) {
    spec = { ...spec, storageClassName: before['storageClassName'] }
  }
  if (text(struct(claim, 'status'), 'phase') === 'Bound') {
    spec = { ...withStorage(spec, storageOf(old)), volumeAttributesClassName: before['volumeAttributesClassName'] }
  }
  if (!structuralEqual(spec, before)) {
    causes.push(
      forbidden(
        'spec',
        `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${goDiff(before, spec, 'io.k8s.api.core.v1.PersistentVolumeClaimSpec')}`,
      ),
    )
  }
  const now = quantityOf(storageOf(claim))
  const path = 'spec.resources.requests.storage'
  if (compareQuantities(now, quantityOf(storageOf(old))) < 0) {
    const capacity = map(struct(old, 'status'), 'capacity')['storage'] ?? '0'
    if (compareQuantities(now, quantityOf(capacity)) <= 0)
      causes.push(forbidden(path, 'field can not be less than status.capacity'))
  }
  const mode = struct(claim, 'spec')['volumeMode']
  if (mode !== struct(old, 'spec')['volumeMode']) causes.push(invalid('volumeMode', mode, 'field is immutable'))
  const attributes = optionalText(struct(claim, 'spec'), 'volumeAttributesClassName')
  const changed = attributes !== optionalText(struct(old, 'spec'), 'volumeAttributesClassName')
  if (changed && struct(old, 'status')['currentVolumeAttributesClassName'] !== undefined) {
    const told = 'is forbidden when status.currentVolumeAttributesClassName is not nil'
    if (attributes === undefined) causes.push(forbidden('spec.volumeAttributesClassName', `update to nil ${told}`))
    else if (attributes === '')
      causes.push(forbidden('spec.volumeAttributesClassName', `update to empty string ${told}`))
  }
  return causes
}

const resizeStates = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizePending',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
].sort()

const keyCauses = (name: string, path: string): Cause[] => {
  const causes = labelNameCauses(name, path)
  if (causes.length > 0) return causes
  const native = !name.includes('/') || name.includes('kubernetes.io/')
  return native && name !== 'storage' ? [notSupported(path, name, ['storage'])] : []
}

const statusCauses = (claim: View): Cause[] => {
  const status = struct(claim, 'status')
  const causes: Cause[] = []
  if (strings(struct(claim, 'spec'), 'accessModes').length === 0) causes.push(required('Spec.accessModes'))
  const capacity = map(status, 'capacity')
  const basic = (amount: string, path: string): Cause[] =>
    wholeValue(amount) < 0 ? [invalid(path, wholeValue(amount), 'must be a valid resource quantity')] : []
  for (const name in capacity) causes.push(...basic(capacity[name] ?? '0', `status.capacity[${name}]`))
  const states = map(status, 'allocatedResourceStatuses')
  for (const name in states) {
    const path = 'status.allocatedResourceStatuses'
    causes.push(...keyCauses(name, path))
    if (!resizeStates.includes(states[name] ?? '')) causes.push(notSupported(path, name, resizeStates))
  }
  const allocated = map(status, 'allocatedResources')
  for (const name in allocated) {
    const key = keyCauses(name, 'status.allocatedResources')
    const path = `status.allocatedResources[${name}]`
    const wrong = key.length > 0 ? key : basic(allocated[name] ?? '0', path)
    causes.push(...(wrong.length > 0 ? wrong : quantityValueCauses('storage', allocated[name] ?? '0', path)))
  }
  return causes
}

/** pkg/registry/core/persistentvolumeclaim/strategy.go, ValidatePersistentVolumeClaim*. Differs: no diff of specs in texts. */
export const persistentVolumeClaimStrategy: Strategy = {
  prepareForCreate: normalSources,
  prepareForUpdate: normalSources,
  validate: (claim) => claimSpecCauses(struct(claim, 'spec'), 'spec'),
  // The strategy validates the new claim, then ValidatePersistentVolumeClaimUpdate does so again.
  revalidates: 'before',
  validateUpdate: (claim, old) => [...claimSpecCauses(struct(claim, 'spec'), 'spec'), ...updateCauses(claim, old)],
  validateStatus: statusCauses,
}
