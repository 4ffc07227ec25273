import type { ImageReference } from '../../../api/images/image-reference.ts'

/** DefaultHost of containerd and of distribution: where the API of Docker Hub is. */
export const apiHost = (host: string): string => (host === 'docker.io' ? 'registry-1.docker.io' : host)

/** Address and port of a registry, as a failing connection tells them. Differs: an address of the range kept for documentation. */
export const dialAddress = (host: string): string => {
  let sum = 0
  for (let index = 0; index < host.length; index += 1) sum = (sum * 31 + host.charCodeAt(index)) % 253
  const port = /:(\d+)$/.exec(host)?.[1] ?? '443'
  return `203.0.113.${sum + 1}:${port}`
}

/** The manifest of an image in its registry's API. */
export const manifestUrl = ({ host, repository, tag, digest }: ImageReference): string =>
  `https://${apiHost(host)}/v2/${repository}/manifests/${digest === '' ? tag : digest}`

/** What Docker Hub says to those who do not log in. */
export const hubLimit =
  'toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit'
