import {
  canonicalImage,
  familiarImage,
  imageReference,
  type ImageReference,
} from '../../../api/images/image-reference.ts'
import { second } from '../../kernel/micros.ts'
import { contentDigest } from '../content-ids.ts'
import type { PullRefusal } from '../pull-refusal.ts'
import type { CriFailure } from '../runtime-behavior.ts'
import type { Engine } from './engine.ts'
import { apiHost, dialAddress, hubLimit } from './registry-address.ts'

/** A connection is given 30s, first for an image and then for an artifact of that name. */
const dialTimeout = 2 * 30 * second
/** containers/image: docker_client.go waits 2s, 4s, 8s and 16s between five requests that are too many; for both again. */
const waits = 2 * (2 + 4 + 8 + 16) * second

/** CRI-O v1.36: server/image_pull.go over containers/image v5 and its docker transport. */
export const criO = (version: string): Engine => ({
  name: 'cri-o',
  version,
  imageName: (image) => canonicalImage(imageReference(image)),
  imageId(image) {
    const { host, repository } = imageReference(image)
    return `${host}/${repository}@${contentDigest(image)}`
  },
  scope: (id) => `crio-${id}.scope`,
  heedsCancellation: true,
  lost: 'Error',
  noNetwork: ({ id, pod: { name, namespace, uid }, attempt, network }, error) =>
    `failed to create pod network sandbox k8s_${name}_${namespace}_${uid}_${attempt}(${id}): error adding pod ${namespace}_${name} to CNI network "${network}": ${error}`,
  refusal: (refusal) => ({ takes: takes(refusal), error: failure(refusal) }),
})

const takes = ({ why }: PullRefusal): number =>
  why === 'unreachable' ? dialTimeout : why === 'too many requests' ? waits : 0

const failure = ({ reference, why, loggedIn }: PullRefusal): CriFailure => {
  const { host, repository } = reference
  const reading = `reading manifest ${reference.tag === '' ? reference.digest : reference.tag} in ${host}/${repository}: `
  const said = {
    'not found': `${reading}manifest unknown`,
    unreachable: `pinging container registry ${apiHost(host)}: Get "https://${apiHost(host)}/v2/": dial tcp ${dialAddress(host)}: i/o timeout`,
    unauthorized: loggedIn
      ? 'unable to retrieve auth token: invalid username/password: unauthorized: authentication required'
      : `${reading}unauthorized: authentication required`,
    forbidden: `${reading}denied: requested access to the resource is denied`,
    'too many requests': `${reading}${host === 'docker.io' ? hubLimit : 'too many requests to registry'}`,
  }[why]
  return { code: why === 'unreachable' ? 'DeadlineExceeded' : 'Unknown', message: bothTries(reference, said) }
}

/** Since v1.33 what is no image may be an artifact. */
const bothTries = (reference: ImageReference, said: string): string =>
  `unable to pull image or OCI artifact: pull image err: initializing source docker://${familiarImage(reference)}: ${said}; artifact err: get manifest: build image source: ${said}`
