import { canonicalImage, imageReference } from '../../api/images/image-reference.ts'
import type { ContainerConfig } from './cri.ts'

/** Eight hexadecimal digits of FNV-1a, spun out to the length of a real digest. */
const digest = (text: string): string => {
  let hash = 0x811c9dc5
  let out = ''
  for (let round = 0; round < 8; round += 1) {
    for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 15) ^ round, 0x85ebca6b)
    out += (hash >>> 0).toString(16).padStart(8, '0')
  }
  return out
}

export const defaultContainerId = (config: ContainerConfig, n: number): string =>
  digest(`${config.pod.uid}/${config.name}/${config.attempt}/${n}`)

/** The n-th sandbox made on a node, as messages name it. */
export const sandboxDigest = (podUid: string, n: number): string => digest(`${podUid}/sandbox/${n}`)

/** The digest of what an image's name stands for. */
export const contentDigest = (image: string): string => {
  const reference = imageReference(image)
  return reference.digest === '' ? `sha256:${digest(canonicalImage(reference))}` : reference.digest
}
