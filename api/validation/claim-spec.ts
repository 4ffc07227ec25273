import { isDns1123Label, isDns1123Subdomain } from '../names/dns-names.ts'
import { quantityOf } from '../quantity/parse-quantity.ts'
import { forbidden, invalid, invalids, notSupported, required, type Cause } from './cause.ts'
import { labelSelectorCauses } from './label-selector.ts'
import { amountsOf } from './resources.ts'
import { child, optionalText, strings, text, type View } from './view.ts'

export const accessModes: readonly string[] = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
export const volumeModes: readonly string[] = ['Block', 'Filesystem']

/** The rules about access modes that claims and volumes share. */
export const accessModeCauses = (modes: readonly string[], path: string): Cause[] => {
  const causes = modes
    .filter((mode) => !accessModes.includes(mode))
    .map((mode) => notSupported(path, mode, accessModes))
  const single = modes.includes('ReadWriteOncePod')
  if (single && modes.some((mode) => mode !== 'ReadWriteOncePod' && accessModes.includes(mode))) {
    causes.push(forbidden(path, 'may not use ReadWriteOncePod with other access modes'))
  }
  return causes
}

const sourceCauses = (source: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const kind = text(source, 'kind')
  if (text(source, 'name') === '') causes.push(required(`${path}.name`))
  if (kind === '') causes.push(required(`${path}.kind`))
  const group = text(source, 'apiGroup')
  if (group === '') {
    if (kind !== 'PersistentVolumeClaim') {
      causes.push(invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"))
    }
  } else causes.push(...invalids(`${path}.apiGroup`, group, isDns1123Subdomain(group)))
  const namespace = text(source, 'namespace')
  if (namespace !== '') causes.push(...invalids(`${path}.namespace`, namespace, isDns1123Label(namespace)))
  return causes
}

/** ValidatePersistentVolumeClaimSpec */
export const claimSpecCauses = (spec: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const modes = strings(spec, 'accessModes')
  if (modes.length === 0) causes.push(required(`${path}.accessModes`, 'at least 1 access mode is required'))
  causes.push(...labelSelectorCauses(child(spec, 'selector'), `${path}.selector`))
  causes.push(...accessModeCauses(modes, `${path}.accessModes`))
  const storage = amountsOf(child(spec, 'resources'), 'requests')['storage']
  if (storage === undefined) causes.push(required(`${path}.resources[storage]`))
  else if (quantityOf(storage).unscaled <= 0n) {
    causes.push(invalid(`${path}.resources[storage]`, storage, 'must be greater than zero'))
  }
  const className = text(spec, 'storageClassName')
  if (className !== '') causes.push(...invalids(`${path}.storageClassName`, className, isDns1123Subdomain(className)))
  const mode = optionalText(spec, 'volumeMode')
  if (mode !== undefined && !volumeModes.includes(mode))
    causes.push(notSupported(`${path}.volumeMode`, mode, volumeModes))
  const source = child(spec, 'dataSource')
  const ref = child(spec, 'dataSourceRef')
  if (source !== undefined) causes.push(...sourceCauses(source, `${path}.dataSource`))
  if (ref !== undefined) causes.push(...sourceCauses(ref, `${path}.dataSourceRef`))
  if (source !== undefined && ref !== undefined) {
    // The value shown is a *field.Path, which marshals to an empty object.
    if (text(ref, 'namespace') !== '')
      causes.push(invalid(path, {}, 'may not be specified when dataSourceRef.namespace is specified'))
    else if (['apiGroup', 'kind', 'name'].some((key) => source[key] !== ref[key]))
      causes.push(invalid(path, {}, 'must match dataSourceRef'))
  }
  const attributes = text(spec, 'volumeAttributesClassName')
  if (attributes !== '')
    causes.push(...invalids(`${path}.volumeAttributesClassName`, attributes, isDns1123Subdomain(attributes)))
  return causes
}
