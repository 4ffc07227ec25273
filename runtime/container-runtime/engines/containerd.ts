import { canonicalImage, imageReference, type ImageReference } from '../../../api/images/image-reference.ts'
import { second } from '../../kernel/micros.ts'
import { contentDigest } from '../content-ids.ts'
import { noNetwork } from '../cri-results.ts'
import type { PullRefusal } from '../pull-refusal.ts'
import type { CriFailure } from '../runtime-behavior.ts'
import type { Engine } from './engine.ts'
import { dialAddress, hubLimit, manifestUrl } from './registry-address.ts'

/** core/remotes/docker/config: the dialer of a registry. */
const dialTimeout = 30 * second

/** containerd v2.2.1: internal/cri/server/images/image_pull.go, core/remotes/docker (resolver, authorizer, fetcher). */
export const containerd = (version: string): Engine => {
  // Since 2.1 the CRI plugin pulls through the transfer service, unless use_local_image_pull says otherwise.
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const transfers = major > 2 || (major === 2 && minor >= 1)
  return {
    name: 'containerd',
    version,
    imageName: (image) => canonicalImage(imageReference(image)),
    imageId(image) {
      const { host, repository } = imageReference(image)
      return `${host}/${repository}@${contentDigest(image)}`
    },
    scope: (id) => `cri-containerd-${id}.scope`,
    heedsCancellation: true,
    lost: 'Unknown',
    noNetwork: ({ id }, error) => noNetwork(id, error),
    refusal: (refusal) => ({
      takes: refusal.why === 'unreachable' ? dialTimeout : 0,
      error: failure(refusal, transfers),
    }),
  }
}

const failure = (refusal: PullRefusal, transfers: boolean): CriFailure => {
  const { reference, why } = refusal
  const name = canonicalImage(reference)
  const head = `failed to pull and unpack image ${JSON.stringify(name)}: `
  const resolve = `${head}${transfers ? 'failed to resolve image: ' : `failed to resolve reference ${JSON.stringify(name)}: `}`
  const unknown = (message: string): CriFailure => ({ code: 'Unknown', message })
  switch (why) {
    case 'not found':
      return { code: 'NotFound', message: `${resolve}${name}: not found` }
    case 'unreachable':
      return {
        // Go's i/o timeout is a deadline exceeded, and so is the gRPC code made of it.
        code: 'DeadlineExceeded',
        message: `${resolve}failed to do request: Head "${manifestUrl(reference)}": dial tcp ${dialAddress(reference.host)}: i/o timeout`,
      }
    case 'unauthorized':
      return unknown(`${resolve}${unauthorized(refusal)}`)
    case 'forbidden':
      return unknown(
        `${resolve}${reference.host === 'docker.io' ? `${denied}server message: insufficient_scope: authorization failed` : unexpected('HEAD', manifestUrl(reference), '403 Forbidden')}`,
      )
    case 'too many requests':
      // Docker Hub counts GETs of manifests, and gives the reason with its answer; an answer to HEAD has no body.
      return unknown(
        reference.host === 'docker.io'
          ? `${head}failed to copy: httpReadSeeker: failed open: ${unexpected('GET', manifestUrl(byDigest(reference)), '429 Too Many Requests')}\n${hubLimit}`
          : `${resolve}${unexpected('HEAD', manifestUrl(reference), '429 Too Many Requests')}`,
      )
  }
}

const denied = 'pull access denied, repository does not exist or may require authorization: '

/** ErrUnexpectedStatus */
const unexpected = (method: string, url: string, status: string): string =>
  `unexpected status from ${method} request to ${url}: ${status}`

/** Docker Hub hands out tokens; other registries are taken to ask for a user and a password. */
const unauthorized = ({ reference, loggedIn }: PullRefusal): string => {
  const { host, repository } = reference
  if (host !== 'docker.io') {
    return loggedIn
      ? unexpected('HEAD', manifestUrl(reference), '401 Unauthorized')
      : `${denied}authorization failed: no basic auth credentials`
  }
  if (!loggedIn) return `${denied}server message: insufficient_scope: authorization failed`
  const scope = `repository%3A${repository.replaceAll('/', '%2F')}%3Apull`
  const url = `https://auth.docker.io/token?scope=${scope}&service=registry.docker.io`
  return `failed to authorize: failed to fetch oauth token: ${unexpected('GET', url, '401 Unauthorized')}`
}

const byDigest = (reference: ImageReference): ImageReference =>
  reference.digest === '' ? { ...reference, tag: '', digest: contentDigest(canonicalImage(reference)) } : reference
