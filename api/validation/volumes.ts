import { dnsLabelCauses } from './field-causes.ts'
import { duplicate, forbidden, invalid, notFound, notSupported, required, type Cause } from './cause.ts'
import { localDescending, noBacksteps } from './paths.ts'
import { child, flag, list, optionalText, text, type View } from './view.ts'
import { volumeSourceCauses } from './volume-sources.ts'

/** The volumes that are valid, by name: what containers may mount. */
export type Volumes = ReadonlyMap<string, View>

/** ValidateVolumes */
export const volumeCauses = (
  volumes: readonly View[],
  path: string,
  podName: string,
): { causes: Cause[]; valid: Volumes } => {
  const causes: Cause[] = []
  const valid = new Map<string, View>()
  const created = new Set(
    podName === ''
      ? []
      : volumes.filter((one) => child(one, 'ephemeral') !== undefined).map((one) => `${podName}-${text(one, 'name')}`),
  )
  volumes.forEach((volume, i) => {
    const at = `${path}[${i}]`
    const name = text(volume, 'name')
    const own = volumeSourceCauses(volume, at, podName)
    if (name === '') own.push(required(`${at}.name`))
    else own.push(...dnsLabelCauses(name, `${at}.name`))
    if (valid.has(name)) own.push(duplicate(`${at}.name`, name))
    if (own.length === 0) valid.set(name, volume)
    else causes.push(...own)
    const claim = child(volume, 'persistentVolumeClaim')
    if (claim !== undefined && created.has(text(claim, 'claimName'))) {
      causes.push(
        invalid(
          `${at}.persistentVolumeClaim.claimName`,
          text(claim, 'claimName'),
          'must not reference a PVC that gets created for an ephemeral volume',
        ),
      )
    }
  })
  return { causes, valid }
}

const propagations = ['Bidirectional', 'HostToContainer', 'None']
const recursiveModes = ['Disabled', 'Enabled', 'IfPossible']

const propagationCauses = (mode: string, privileged: boolean, path: string): Cause[] => {
  const causes = propagations.includes(mode) ? [] : [notSupported(path, mode, propagations)]
  if (mode === 'Bidirectional' && !privileged) {
    causes.push(forbidden(path, 'Bidirectional mount propagation is available only to privileged containers'))
  }
  return causes
}

const recursiveCauses = (mount: View, path: string): Cause[] => {
  const mode = optionalText(mount, 'recursiveReadOnly')
  if (mode === undefined || mode === 'Disabled') return []
  if (!recursiveModes.includes(mode)) return [notSupported(path, mode, recursiveModes)]
  const causes = flag(mount, 'readOnly') ? [] : [forbidden(path, 'may only be specified when readOnly is true')]
  const propagation = optionalText(mount, 'mountPropagation')
  if (propagation !== undefined && propagation !== 'None') {
    causes.push(forbidden(path, 'may only be specified when mountPropagation is None or not specified'))
  }
  return causes
}

/** ValidateVolumeMounts */
export const volumeMountCauses = (container: View, path: string, volumes: Volumes): Cause[] => {
  const causes: Cause[] = []
  const devices = list(container, 'volumeDevices')
  const privileged = flag(child(container, 'securityContext'), 'privileged')
  const seen = new Set<string>()
  list(container, 'volumeMounts').forEach((mount, i) => {
    const at = `${path}[${i}]`
    const name = text(mount, 'name')
    const target = text(mount, 'mountPath')
    if (name === '') causes.push(required(`${at}.name`))
    if (!volumes.has(name)) causes.push(notFound(`${at}.name`, name))
    if (target === '') causes.push(required(`${at}.mountPath`))
    if (seen.has(target)) causes.push(invalid(`${at}.mountPath`, target, 'must be unique'))
    seen.add(target)
    if (devices.some((one) => text(one, 'name') === name))
      causes.push(invalid(`${at}.name`, name, 'must not already exist in volumeDevices'))
    if (devices.some((one) => text(one, 'devicePath') === target)) {
      causes.push(invalid(`${at}.mountPath`, target, 'must not already exist as a path in volumeDevices'))
    }
    const subPath = text(mount, 'subPath')
    const expression = text(mount, 'subPathExpr')
    // Upstream names the list, not the item, from here on.
    if (subPath !== '') causes.push(...localDescending(subPath, `${path}.subPath`))
    if (expression !== '') {
      if (subPath !== '')
        causes.push(invalid(`${at}.subPathExpr`, expression, 'subPathExpr and subPath are mutually exclusive'))
      causes.push(...localDescending(expression, `${path}.subPathExpr`))
    }
    const propagation = optionalText(mount, 'mountPropagation')
    if (propagation !== undefined)
      causes.push(...propagationCauses(propagation, privileged, `${path}.mountPropagation`))
    causes.push(...recursiveCauses(mount, `${path}.recursiveReadOnly`))
  })
  return causes
}

/** ValidateVolumeDevices */
export const volumeDeviceCauses = (container: View, path: string, volumes: Volumes): Cause[] => {
  const causes: Cause[] = []
  const mounts = list(container, 'volumeMounts')
  const names = new Set<string>()
  const paths = new Set<string>()
  list(container, 'volumeDevices').forEach((device, i) => {
    const at = `${path}[${i}]`
    const name = text(device, 'name')
    const target = text(device, 'devicePath')
    const volume = volumes.get(name)
    const block = child(volume, 'persistentVolumeClaim') ?? child(volume, 'ephemeral')
    if (name === '') causes.push(required(`${at}.name`))
    if (names.has(name)) causes.push(invalid(`${at}.name`, name, 'must be unique'))
    if (volume !== undefined && block === undefined) {
      causes.push(
        invalid(
          `${at}.name`,
          name,
          'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
        ),
      )
    }
    if (volume === undefined) causes.push(notFound(`${at}.name`, name))
    if (target === '') causes.push(required(`${at}.devicePath`))
    if (paths.has(target)) causes.push(invalid(`${at}.devicePath`, target, 'must be unique'))
    if (target !== '' && noBacksteps(target, at).length > 0) {
      causes.push(invalid(`${at}.devicePath`, target, "can not contain backsteps ('..')"))
    } else paths.add(target)
    if (mounts.some((one) => text(one, 'name') === name))
      causes.push(invalid(`${at}.name`, name, 'must not already exist in volumeMounts'))
    if (mounts.some((one) => text(one, 'mountPath') === target)) {
      causes.push(invalid(`${at}.devicePath`, target, 'must not already exist as a path in volumeMounts'))
    }
    if (name !== '') names.add(name)
  })
  return causes
}
