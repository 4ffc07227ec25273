import { imageReference } from '../../api/images/image-reference.ts'
import type { Secret } from '../../api/types/core-v1.generated.ts'

/** A user and a password for a registry, and the secret they were found in. */
export interface PullCredentials {
  readonly username: string
  readonly password: string
  readonly secret: { readonly uid: string; readonly namespace: string; readonly name: string }
}

interface Entry {
  /** Host and path: `ghcr.io`, `ghcr.io/team`, `*.example.com`. */
  readonly key: string
  readonly credentials: PullCredentials
}

/** pkg/credentialprovider: MakeDockerKeyring, with what the secrets of a pod say, and its Lookup for an image; most specific first. */
export const pullCredentials = (secrets: readonly Secret[], image: string): readonly PullCredentials[] => {
  if (secrets.length === 0) return none
  const entries = secrets.flatMap(entriesOf)
  const { host, repository } = imageReference(image)
  const target = `${host}/${repository}`
  const keys = [...new Set(entries.map((one) => one.key))].sort((a, b) => (a < b ? 1 : -1))
  const found = keys.filter((key) => urlMatches(key, target))
  // Docker Hub's own key stands under the host of its index.
  if (found.length === 0 && host === 'docker.io') found.push('index.docker.io')
  return found.flatMap((key) => entries.filter((one) => one.key === key).map((one) => one.credentials))
}

const none: readonly never[] = Object.freeze([])

interface DockerLogin {
  readonly username?: string
  readonly password?: string
  readonly auth?: string
}

/** pkg/credentialprovider/secrets: what cannot be read is left out. */
const entriesOf = (secret: Secret): readonly Entry[] => {
  const { type, data, metadata } = secret
  const modern = type === 'kubernetes.io/dockerconfigjson'
  const encoded = data?.[modern ? '.dockerconfigjson' : '.dockercfg']
  if (encoded === undefined || (!modern && type !== 'kubernetes.io/dockercfg')) return none
  const config = jsonOf(encoded)
  const logins = (modern ? (config as { auths?: unknown } | undefined)?.auths : config) ?? {}
  const origin = { uid: metadata.uid ?? '', namespace: metadata.namespace ?? '', name: metadata.name }
  return Object.entries(logins as Record<string, DockerLogin>).map(([location, login]) => ({
    key: keyOf(location),
    credentials: { ...userOf(login), secret: origin },
  }))
}

const jsonOf = (encoded: string): unknown => {
  try {
    return JSON.parse(textOf(encoded)) as unknown
  } catch {
    return undefined
  }
}

const textOf = (base64: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)))

/** decodeDockerConfigFieldAuth: `auth` is user and password in one. */
const userOf = ({ username = '', password = '', auth }: DockerLogin): { username: string; password: string } => {
  if (auth === undefined || auth === '') return { username, password }
  const both = textOf(auth)
  const colon = both.indexOf(':')
  return colon < 0 ? { username, password } : { username: both.slice(0, colon), password: both.slice(colon + 1) }
}

/** BasicDockerKeyring.Add: `https://index.docker.io/v1/` is a host, as `/v2/` behind one is. */
const keyOf = (location: string): string => {
  const plain = location.replace(/^https?:\/\//, '')
  const slash = plain.indexOf('/')
  if (slash < 0) return plain
  const path = plain.slice(slash)
  const effective = /^\/v[12]\//.test(path) ? path.slice(3) : path
  return effective === '/' ? plain.slice(0, slash) : `${plain.slice(0, slash)}${effective}`
}

/** URLsMatch: globs in the parts of a host name, the same port, and a path that begins the image's. */
const urlMatches = (glob: string, target: string): boolean => {
  const [globHost = '', globPath] = split(glob)
  const [host = '', path] = split(target)
  const [globName = '', globPort = ''] = globHost.split(':')
  const [name = '', port = ''] = host.split(':')
  const globParts = globName.split('.')
  const parts = name.split('.')
  return (
    globPort === port &&
    globParts.length === parts.length &&
    `/${path}`.startsWith(`/${globPath}`) &&
    globParts.every((part, index) => partMatches(part, parts[index] ?? ''))
  )
}

const split = (url: string): readonly [string, string] => {
  const slash = url.indexOf('/')
  return slash < 0 ? [url, ''] : [url.slice(0, slash), url.slice(slash + 1)]
}

const partMatches = (glob: string, text: string): boolean =>
  new RegExp(
    `^${glob
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(text)
