import { describe, expect, it } from 'vitest'
import { imageReference } from '../../../../../api/images/image-reference.ts'
import { engineOf } from '../../../../../runtime/container-runtime/engines/engine-of.ts'
import type { PullRefusal } from '../../../../../runtime/container-runtime/pull-refusal.ts'
import { second } from '../../../../../runtime/kernel/micros.ts'

const containerd = engineOf({ name: 'containerd', version: '2.2.1' })
const older = engineOf({ name: 'containerd', version: '2.0.5' })
const criO = engineOf({ name: 'cri-o', version: '1.36.0' })
const docker = engineOf({ name: 'docker', version: '29.1.3' })
const hub = 'docker.io/library/web:v1'
const own = 'reg.example.com:5000/team/web:v1'
const whole = (image: string): string => (image === 'web:v1' ? hub : image)
const head = (image: string): string =>
  `failed to pull and unpack image ${JSON.stringify(whole(image))}: failed to resolve image: `

describe('names', () => {
  it.each([
    [containerd, 'web:v1', hub, /^docker\.io\/library\/web@sha256:[0-9a-f]{64}$/, 'cri-containerd-x.scope'],
    [criO, 'web:v1', hub, /^docker\.io\/library\/web@sha256:[0-9a-f]{64}$/, 'crio-x.scope'],
    [docker, hub, 'web:v1', /^docker-pullable:\/\/web@sha256:[0-9a-f]{64}$/, 'docker-x.scope'],
    [docker, own, own, /^docker-pullable:\/\/reg\.example\.com:5000\/team\/web@sha256:/, 'docker-x.scope'],
  ])('%#', (...[engine, image, name, id, scope]) => {
    expect(engine.imageName(image)).toBe(name)
    expect(engine.imageId(image)).toMatch(id)
    expect(engine.imageId(image)).toBe(engine.imageId(engine.imageName(image)))
    expect(engine.scope('x')).toBe(scope)
  })

  it('are of the content, not of how it is asked for', () => {
    expect(containerd.imageId('web:v1')).toBe(containerd.imageId(hub))
    expect(containerd.imageId('web:v1')).not.toBe(containerd.imageId('web:v2'))
    expect(engineOf().name).toBe('containerd')
  })
})

describe('what a pull fails with', () => {
  const both = (image: string, said: string): string =>
    `unable to pull image or OCI artifact: pull image err: initializing source docker://${image}: ${said}; artifact err: get manifest: build image source: ${said}`
  it.each<[typeof docker, string, PullRefusal['why'], boolean, string, string]>([
    [containerd, 'web:v1', 'not found', false, 'NotFound', `${head('web:v1')}${hub}: not found`],
    [older, 'web:v1', 'not found', false, 'NotFound', `failed to pull and unpack image "${hub}": failed to resolve reference "${hub}": ${hub}: not found`],
    [containerd, own, 'unreachable', false, 'DeadlineExceeded', `${head(own)}failed to do request: Head "https://reg.example.com:5000/v2/team/web/manifests/v1": dial tcp 203.0.113.175:5000: i/o timeout`],
    [containerd, 'web:v1', 'unauthorized', false, 'Unknown', `${head('web:v1')}pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`],
    [containerd, 'web:v1', 'unauthorized', true, 'Unknown', `${head('web:v1')}failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://auth.docker.io/token?scope=repository%3Alibrary%2Fweb%3Apull&service=registry.docker.io: 401 Unauthorized`],
    [containerd, own, 'unauthorized', false, 'Unknown', `${head(own)}pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`],
    [containerd, own, 'unauthorized', true, 'Unknown', `${head(own)}unexpected status from HEAD request to https://reg.example.com:5000/v2/team/web/manifests/v1: 401 Unauthorized`],
    [containerd, own, 'forbidden', true, 'Unknown', `${head(own)}unexpected status from HEAD request to https://reg.example.com:5000/v2/team/web/manifests/v1: 403 Forbidden`],
    [containerd, own, 'too many requests', false, 'Unknown', `${head(own)}unexpected status from HEAD request to https://reg.example.com:5000/v2/team/web/manifests/v1: 429 Too Many Requests`],
    [criO, 'web:v1', 'not found', false, 'Unknown', both('web:v1', 'reading manifest v1 in docker.io/library/web: manifest unknown')],
    [criO, own, 'unauthorized', false, 'Unknown', both(own, 'reading manifest v1 in reg.example.com:5000/team/web: unauthorized: authentication required')],
    [docker, 'web:v1', 'not found', false, 'Unknown', 'Error response from daemon: manifest for web:v1 not found: manifest unknown: manifest unknown'],
    [docker, 'web:v1', 'unauthorized', false, 'Unknown', "Error response from daemon: pull access denied for web, repository does not exist or may require 'docker login': denied: requested access to the resource is denied"],
    [docker, own, 'unauthorized', false, 'Unknown', 'Error response from daemon: Head "https://reg.example.com:5000/v2/team/web/manifests/v1": no basic auth credentials'],
  ])('%#', (...[engine, image, why, loggedIn, code, message]) => {
    expect(engine.refusal({ reference: imageReference(image), why, loggedIn }).error).toEqual({ code, message })
  }) // prettier-ignore

  it('names the manifest by its digest where Docker Hub counts it', () => {
    const { error } = containerd.refusal({
      reference: imageReference('web:v1'),
      why: 'too many requests',
      loggedIn: false,
    })
    const [first, second] = error.message.split('\n')
    expect(first).toMatch(
      /failed to copy: httpReadSeeker: failed open: unexpected status from GET request to https:\/\/registry-1\.docker\.io\/v2\/library\/web\/manifests\/sha256:[0-9a-f]{64}: 429 Too Many Requests$/,
    )
    expect(second).toBe(
      'toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    )
  })

  it('takes as long as each of them tries', () => {
    const takes = (engine: typeof docker, why: PullRefusal['why']): number =>
      engine.refusal({ reference: imageReference('web:v1'), why, loggedIn: false }).takes / second
    expect([containerd, criO, docker].map((one) => takes(one, 'unreachable'))).toEqual([30, 60, 15])
    expect([containerd, criO, docker].map((one) => takes(one, 'too many requests'))).toEqual([0, 60, 0])
    expect([containerd, criO, docker].map((one) => takes(one, 'not found'))).toEqual([0, 0, 0])
  })
})

describe('a sandbox without a network', () => {
  const pod = { uid: 'u-1', name: 'web', namespace: 'default', labels: {}, annotations: {} }
  const sandbox = { id: 'abc', pod, attempt: 0, network: 'k8s-pod-network' }
  it.each([
    [containerd, 'failed to setup network for sandbox "abc": no room'],
    [
      criO,
      'failed to create pod network sandbox k8s_web_default_u-1_0(abc): error adding pod default_web to CNI network "k8s-pod-network": no room',
    ],
    [
      docker,
      'failed to set up sandbox container "abc" network for pod "web": networkPlugin cni failed to set up pod "web_default" network: no room',
    ],
  ])('%#', (engine, message) => expect(engine.noNetwork(sandbox, 'no room')).toBe(message))
})
