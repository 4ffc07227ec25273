import { goQuote } from '../../names/go-quote.ts'
import { child, isEmpty, list, optionalText, text, type View } from '../view.ts'

interface VirtualPath {
  readonly path: string
  readonly source: string
}

const shown = ({ path, source }: VirtualPath): string =>
  source === '' ? goQuote(path) : `${goQuote(path)} (${source})`

const trimmed = (path: string): string => path.replace(/\/+$/, '')

const overlapping = (seen: readonly VirtualPath[], one: VirtualPath): readonly VirtualPath[] =>
  one.path === ''
    ? []
    : seen.filter(
        (other) =>
          other.path !== '' &&
          (`${other.path}/`.startsWith(`${one.path}/`) || `${one.path}/`.startsWith(`${other.path}/`)),
      )

/** checkVolumeMappingForOverlap: `"a" with "a/b"` for each pair. */
const overlaps = (paths: readonly VirtualPath[], seen: VirtualPath[]): readonly string[] => {
  const texts: string[] = []
  for (const given of paths) {
    const one = { ...given, path: trimmed(given.path) }
    for (const other of overlapping(seen, one)) texts.push(`${shown(one)} with ${shown(other)}`)
    seen.push(one)
  }
  return texts
}

const itemPaths = (source: View, what: string): readonly VirtualPath[] =>
  list(source, 'items').map((item) => ({ path: text(item, 'path'), source: what }))

const projectedPaths = (source: View): readonly VirtualPath[] => {
  const config = child(source, 'configMap')
  if (config !== undefined && list(config, 'items').length > 0) {
    return itemPaths(config, `ConfigMap ${goQuote(text(config, 'name'))}`)
  }
  const secret = child(source, 'secret')
  if (secret !== undefined && list(secret, 'items').length > 0) {
    return itemPaths(secret, `Secret ${goQuote(text(secret, 'name'))}`)
  }
  const downward = child(source, 'downwardAPI')
  if (downward !== undefined && list(downward, 'items').length > 0) return itemPaths(downward, 'DownwardAPI')
  const token = child(source, 'serviceAccountToken')
  if (token !== undefined) return [{ path: text(token, 'path'), source: 'ServiceAccountToken' }]
  const bundle = child(source, 'clusterTrustBundle')
  if (bundle !== undefined) {
    const name = optionalText(bundle, 'name') ?? text(bundle, 'signerName')
    return [{ path: text(bundle, 'path'), source: `ClusterTrustBundle ${goQuote(name)}` }]
  }
  const certificate = child(source, 'podCertificate')
  return (
    [
      ['certificateChainPath', 'PodCertificate chain'],
      ['keyPath', 'PodCertificate key'],
      ['credentialBundlePath', 'PodCertificate credential bundle'],
    ] as const
  )
    .map(([field, what]) => ({ path: text(certificate, field), source: what }))
    .filter(({ path }) => path !== '')
}

/** pkg/api/pod/warnings.go, warningsForOverlappingVirtualPaths */
export const overlappingPathWarnings = (volumes: readonly View[]): readonly string[] => {
  const warnings: string[] = []
  for (const volume of volumes) {
    const add = (what: string, texts: readonly string[]): void => {
      for (const one of texts) {
        warnings.push(`volume ${goQuote(text(volume, 'name'))} (${what}): overlapping paths: ${one}`)
      }
    }
    const config = child(volume, 'configMap')
    if (config !== undefined) add(`ConfigMap ${goQuote(text(config, 'name'))}`, overlaps(itemPaths(config, ''), []))
    const secret = child(volume, 'secret')
    if (secret !== undefined) add(`Secret ${goQuote(text(secret, 'secretName'))}`, overlaps(itemPaths(secret, ''), []))
    const downward = child(volume, 'downwardAPI')
    if (downward !== undefined) add('DownwardAPI', overlaps(itemPaths(downward, ''), []))
    const seen: VirtualPath[] = []
    for (const source of list(child(volume, 'projected'), 'sources')) {
      if (isEmpty(source)) warnings.push(`volume ${goQuote(text(volume, 'name'))} (Projected) has no sources provided`)
      else add('Projected', overlaps(projectedPaths(source), seen))
    }
  }
  return warnings
}

const retired = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
] as const
const lately = [
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
] as const
/** Upstream's spelling in the warning, where it is not the field's. */
const spelled: Readonly<Record<string, string>> = { storageos: 'storageOS' }

/** Volume plugins that are gone; `between` comes where ephemeral claims are looked at. */
export const retiredVolumeWarnings = (
  volume: View,
  path: string,
  between: () => readonly string[],
): readonly string[] => {
  const texts = (plugins: readonly (readonly [string, string])[]): readonly string[] =>
    plugins
      .filter(([field]) => child(volume, field) !== undefined)
      .map(([field, why]) => `${path}.${spelled[field] ?? field}: ${why}`)
  return [...texts(retired), ...between(), ...texts(lately)]
}

const retiredPersistent = [
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
] as const

/** The same of persistent volumes (pkg/api/persistentvolume). */
export const retiredPersistentVolumeWarnings = (spec: View): readonly string[] =>
  retiredPersistent
    .filter(([field]) => child(spec, field) !== undefined)
    .map(([field, why]) => `spec.${spelled[field] ?? field}: ${why}`)
