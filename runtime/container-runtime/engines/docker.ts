import { familiarImage, familiarRepository, imageReference } from '../../../api/images/image-reference.ts'
import { second } from '../../kernel/micros.ts'
import { contentDigest } from '../content-ids.ts'
import type { PullRefusal } from '../pull-refusal.ts'
import type { Engine } from './engine.ts'
import { apiHost, hubLimit, manifestUrl } from './registry-address.ts'

/** moby: registry/session.go, the client that pings a registry. */
const pingTimeout = 15 * second

/** Docker Engine behind cri-dockerd v0.4 (core/image.go, core/convert.go), which speaks as dockershim did. */
export const docker = (version: string): Engine => ({
  name: 'docker',
  version,
  imageName: (image) => familiarImage(imageReference(image)),
  imageId: (image) => `docker-pullable://${familiarRepository(imageReference(image))}@${contentDigest(image)}`,
  scope: (id) => `docker-${id}.scope`,
  heedsCancellation: false,
  lost: 'Error',
  noNetwork: ({ id, pod: { name, namespace } }, error) =>
    `failed to set up sandbox container ${JSON.stringify(id)} network for pod ${JSON.stringify(name)}: networkPlugin cni failed to set up pod "${name}_${namespace}" network: ${error}`,
  refusal: (refusal) => ({
    takes: refusal.why === 'unreachable' ? pingTimeout : 0,
    error: { code: 'Unknown', message: `Error response from daemon: ${said(refusal)}` },
  }),
})

const said = ({ reference, why, loggedIn }: PullRefusal): string => {
  const { host } = reference
  const denied = `pull access denied for ${familiarRepository(reference)}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`
  switch (why) {
    case 'not found':
      return `manifest for ${familiarImage(reference)} not found: manifest unknown: manifest unknown`
    case 'unreachable':
      return `Get "https://${apiHost(host)}/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`
    case 'unauthorized':
      if (loggedIn) return `Head "${manifestUrl(reference)}": unauthorized: incorrect username or password`
      return host === 'docker.io' ? denied : `Head "${manifestUrl(reference)}": no basic auth credentials`
    case 'forbidden':
      return denied
    case 'too many requests':
      return host === 'docker.io' ? hubLimit : 'toomanyrequests: too many requests'
  }
}
