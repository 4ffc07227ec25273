import { isDns1123Subdomain } from '../names/dns-names.ts'
import { quantityOf } from '../quantity/parse-quantity.ts'
import { fieldRefCauses, resourceFieldCauses } from './env.ts'
import { forbidden, invalid, invalids, notSupported, required, tooLong, type Cause } from './cause.ts'
import { localDescending, localNonReserved, noBacksteps } from './paths.ts'
import { templateMetaCauses } from './template-meta.ts'
import { child, list, number, optionalNumber, optionalText, text, type View } from './view.ts'
import { claimSpecCauses } from './claim-spec.ts'

const fileModeMessage = 'must be a number between 0 and 0777 (octal), both inclusive'
const maxTokenSeconds = 4294967296

const modeCauses = (holder: View, key: string, path: string): Cause[] => {
  const mode = optionalNumber(holder, key)
  return mode !== undefined && (mode > 0o777 || mode < 0) ? [invalid(`${path}.${key}`, mode, fileModeMessage)] : []
}

const keyToPathCauses = (item: View, path: string): Cause[] => [
  ...(text(item, 'key') === '' ? [required(`${path}.key`)] : []),
  ...(text(item, 'path') === '' ? [required(`${path}.path`)] : []),
  ...localNonReserved(text(item, 'path'), `${path}.path`),
  ...modeCauses(item, 'mode', path),
]

const itemsCauses = (source: View, path: string): Cause[] =>
  list(source, 'items').flatMap((item, i) => keyToPathCauses(item, `${path}.items[${i}]`))

const named = (source: View, key: string, path: string): Cause[] =>
  text(source, key) === '' ? [required(`${path}.${key}`)] : []

const downwardFileCauses = (file: View, path: string): Cause[] => {
  const causes = named(file, 'path', path)
  causes.push(...localNonReserved(text(file, 'path'), `${path}.path`))
  const ref = child(file, 'fieldRef')
  const resource = child(file, 'resourceFieldRef')
  if (ref !== undefined) {
    causes.push(...fieldRefCauses(ref, `${path}.fieldRef`, true))
    if (resource !== undefined) {
      causes.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'))
    }
  } else if (resource !== undefined) causes.push(...resourceFieldCauses(resource, `${path}.resourceFieldRef`, true))
  else causes.push(required(path, 'one of fieldRef and resourceFieldRef is required'))
  return [...causes, ...modeCauses(file, 'mode', path)]
}

const tokenCauses = (token: View, path: string, projected: string): Cause[] => {
  const causes: Cause[] = []
  const seconds = number(token, 'expirationSeconds')
  if (seconds < 600)
    causes.push(invalid(`${path}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes'))
  if (seconds > maxTokenSeconds) {
    causes.push(invalid(`${path}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds'))
  }
  const target = text(token, 'path')
  if (target === '') causes.push(required(`${projected}.path`))
  else causes.push(...localNonReserved(target, `${projected}.path`))
  return causes
}

const projectedCauses = (source: View, path: string): Cause[] => {
  const causes = modeCauses(source, 'defaultMode', path)
  const paths = new Set<string>()
  const claim = (target: string, shown: string): void => {
    if (target === '') return
    if (paths.has(target)) causes.push(invalid(path, shown, 'conflicting duplicate paths'))
    else paths.add(target)
  }
  list(source, 'sources').forEach((one, i) => {
    const at = `${path}.sources[${i}]`
    let count = 0
    for (const key of ['secret', 'configMap']) {
      const projection = child(one, key)
      if (projection === undefined) continue
      count += 1
      causes.push(...named(projection, 'name', `${at}.${key}`))
      list(projection, 'items').forEach((item, j) => {
        causes.push(...keyToPathCauses(item, `${at}.${key}.items[${j}]`))
        claim(text(item, 'path'), text(projection, 'name'))
      })
    }
    const downward = child(one, 'downwardAPI')
    if (downward !== undefined) {
      count += 1
      for (const file of list(downward, 'items')) {
        causes.push(...downwardFileCauses(file, `${at}.downwardAPI`))
        claim(text(file, 'path'), text(file, 'path'))
      }
    }
    const token = child(one, 'serviceAccountToken')
    if (token !== undefined) {
      count += 1
      causes.push(...tokenCauses(token, `${at}.serviceAccountToken`, path))
    }
    if (count > 1) causes.push(forbidden(at, 'may not specify more than 1 volume type per source'))
  })
  return causes
}

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]

/** validateHostPathVolumeSource */
export const hostPathCauses = (source: View, path: string): Cause[] => {
  const target = text(source, 'path')
  if (target === '') return [required(`${path}.path`)]
  const type = optionalText(source, 'type')
  return [
    ...noBacksteps(target, `${path}.path`),
    ...(type === undefined || hostPathTypes.includes(type) ? [] : [notSupported(`${path}.type`, type, hostPathTypes)]),
  ]
}

/** ValidateCSIDriverName */
export const csiDriverNameCauses = (name: string, path: string): Cause[] => {
  if (name === '') return [required(path)]
  return [
    ...(name.length > 63 ? [tooLong(path, 63)] : []),
    ...invalids(path, name, isDns1123Subdomain(name.toLowerCase())),
  ]
}

const csiCauses = (source: View, path: string): Cause[] => {
  const causes = csiDriverNameCauses(text(source, 'driver'), `${path}.driver`)
  const secret = child(source, 'nodePublishSecretRef')
  if (secret !== undefined) {
    const name = text(secret, 'name')
    if (name === '') causes.push(required(`${path}.nodePublishSecretRef.name`))
    else causes.push(...invalids(`${path}.name`, name, isDns1123Subdomain(name)))
  }
  return causes
}

/** validateNFSVolumeSource */
export const nfsCauses = (source: View, path: string): Cause[] => [
  ...named(source, 'server', path),
  ...named(source, 'path', path),
  ...(text(source, 'path') !== '' && !text(source, 'path').startsWith('/')
    ? [invalid(`${path}.path`, text(source, 'path'), 'must be an absolute path')]
    : []),
]

const ephemeralCauses = (source: View, path: string): Cause[] => {
  const template = child(source, 'volumeClaimTemplate')
  if (template === undefined) return [required(`${path}.volumeClaimTemplate`)]
  const at = `${path}.volumeClaimTemplate`
  return [
    ...templateMetaCauses(child(template, 'metadata') ?? {}, `${at}.metadata`),
    ...claimSpecCauses(child(template, 'spec') ?? {}, `${at}.spec`),
  ]
}

const gitRepoCauses = (source: View, path: string): Cause[] => [
  ...named(source, 'repository', path),
  ...localDescending(text(source, 'directory'), `${path}.directory`),
]

const emptyDirCauses = (source: View, path: string): Cause[] => {
  const limit = optionalText(source, 'sizeLimit')
  return limit !== undefined && quantityOf(limit).unscaled < 0n
    ? [forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
    : []
}

const imageCauses = (source: View, path: string): Cause[] => {
  const causes = named(source, 'reference', path)
  const policy = text(source, 'pullPolicy')
  if (policy === '') causes.push(required(`${path}.pullPolicy`))
  else if (!['Always', 'IfNotPresent', 'Never'].includes(policy)) {
    causes.push(notSupported(`${path}.pullPolicy`, policy, ['Always', 'IfNotPresent', 'Never']))
  }
  return causes
}

type SourceCheck = (source: View, path: string) => Cause[]

const secretCauses: SourceCheck = (source, path) => [
  ...named(source, 'secretName', path),
  ...modeCauses(source, 'defaultMode', path),
  ...itemsCauses(source, path),
]
const configMapCauses: SourceCheck = (source, path) => [
  ...named(source, 'name', path),
  ...modeCauses(source, 'defaultMode', path),
  ...itemsCauses(source, path),
]
const downwardCauses: SourceCheck = (source, path) => [
  ...modeCauses(source, 'defaultMode', path),
  ...list(source, 'items').flatMap((file) => downwardFileCauses(file, path)),
]

/** In upstream's order. Sources of retired in-tree drivers are counted but not looked into. */
const checks: readonly (readonly [key: string, check: SourceCheck, path?: string])[] = [
  ['emptyDir', emptyDirCauses],
  ['hostPath', hostPathCauses],
  ['gitRepo', gitRepoCauses],
  ['gcePersistentDisk', () => []],
  ['awsElasticBlockStore', () => []],
  ['secret', secretCauses],
  ['nfs', nfsCauses],
  ['iscsi', () => []],
  ['glusterfs', () => []],
  ['flocker', () => []],
  ['persistentVolumeClaim', (source, path) => named(source, 'claimName', path)],
  ['rbd', () => []],
  ['cinder', () => []],
  ['cephfs', () => [], 'cephFS'],
  ['quobyte', () => []],
  ['downwardAPI', downwardCauses, 'downwarAPI'],
  ['fc', () => []],
  ['flexVolume', () => []],
  ['configMap', configMapCauses],
  ['azureFile', () => []],
  ['vsphereVolume', () => []],
  ['photonPersistentDisk', () => []],
  ['portworxVolume', () => []],
  ['azureDisk', () => []],
  ['storageos', () => []],
  ['projected', projectedCauses],
  ['scaleIO', () => []],
  ['csi', csiCauses],
  ['ephemeral', ephemeralCauses],
  ['image', imageCauses],
]

/** validateVolumeSource. Differs: the drivers that moved to CSI are only counted. */
export const volumeSourceCauses = (volume: View, path: string, podName: string): Cause[] => {
  const causes: Cause[] = []
  let count = 0
  for (const [key, check, told] of checks) {
    const source = child(volume, key)
    if (source === undefined) continue
    if (count > 0 && key !== 'emptyDir') {
      causes.push(forbidden(`${path}.${told ?? key}`, 'may not specify more than 1 volume type'))
      continue
    }
    count += 1
    causes.push(...check(source, `${path}.${key}`))
    if (key === 'ephemeral' && podName !== '' && text(volume, 'name') !== '') {
      const claim = `${podName}-${text(volume, 'name')}`
      for (const message of isDns1123Subdomain(claim)) {
        causes.push(invalid(`${path}.name`, text(volume, 'name'), `PVC name ${JSON.stringify(claim)}: ${message}`))
      }
    }
  }
  if (count === 0) causes.push(required(path, 'must specify a volume type'))
  return causes
}
