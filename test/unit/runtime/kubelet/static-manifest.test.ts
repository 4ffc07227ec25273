import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../api/object.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import { staticPod, type StaticPodResult } from '../../../../runtime/kubelet/static-manifest.ts'

const pods = builtinScheme().byKind('v1/Pod')!
const container = { name: 'app', image: 'app:1' }
const manifest = (spec: object = {}, metadata: object = { name: 'web' }): JsonObject =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [container], ...spec } }) as unknown as JsonObject
const read = (given: JsonObject, more: { readonly node?: string; readonly name?: string } = {}): StaticPodResult =>
  staticPod({ name: 'web', node: 'node-1', seen: '2025-01-01T00:00:00.000000Z', ...more, manifest: given }, pods)
const podOf = (result: StaticPodResult) => {
  if ('problem' in result) throw new Error(result.problem)
  return result.pod
}

describe('a static pod', () => {
  it('is named after its node, bound to it, defaulted, and tolerates every NoExecute', () => {
    const pod = podOf(read(manifest()))
    expect(pod.metadata.name).toBe('web-node-1')
    expect(pod.metadata.namespace).toBe('default')
    expect(pod.metadata.annotations).toEqual({
      'kubernetes.io/config.hash': pod.metadata.uid,
      'kubernetes.io/config.seen': '2025-01-01T00:00:00.000000Z',
      'kubernetes.io/config.source': 'file',
    })
    expect(pod.spec.nodeName).toBe('node-1')
    expect(pod.spec.terminationGracePeriodSeconds).toBe(30)
    expect(pod.spec.containers[0]!.imagePullPolicy).toBe('IfNotPresent')
    expect(pod.spec.tolerations).toEqual([{ effect: 'NoExecute', operator: 'Exists' }])
    expect(pod.status).toEqual({ phase: 'Pending' })
    expect(Object.isFrozen(pod.spec.containers)).toBe(true)
  })

  it('tolerates NoExecute once, whatever its manifest says', () => {
    const tolerations = [{ operator: 'Exists', effect: 'NoExecute' }]
    expect(podOf(read(manifest({ tolerations }))).spec.tolerations).toHaveLength(1)
  })

  it('has one UID for one content of one file on one node, and the manifest can say it', () => {
    const uid = (result: StaticPodResult): string | undefined => podOf(result).metadata.uid
    const first = uid(read(manifest()))
    expect(first).toMatch(/^[0-9a-f]{32}$/)
    expect(uid(read(manifest()))).toBe(first)
    const others = [
      read(manifest({ restartPolicy: 'Never' })),
      read(manifest(), { node: 'node-2' }),
      read(manifest(), { name: 'other' }),
      read(manifest({}, { name: 'web', annotations: { note: 'ä' } })),
    ].map(uid)
    expect(new Set([first, ...others]).size).toBe(5)
    expect(uid(read(manifest({}, { name: 'web', uid: 'mine' })))).toBe('mine')
  })

  it.each([
    [manifest({}, {}), 'invalid pod: name is needed for the pod'],
    [manifest({ containers: [] }), 'invalid pod: spec.containers: Required value'],
    [manifest({ serviceAccountName: 'robot' }), 'static pods may not reference serviceaccounts'],
    [manifest({ volumes: [{ name: 'v', secret: { secretName: 's' } }] }), 'static pods may not reference secrets'],
    [manifest({ volumes: [{ name: 'v', configMap: { name: 's' } }] }), 'static pods may not reference configmaps'],
    [
      manifest({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] }),
      'static pods may not reference persistentvolumeclaims',
    ],
    [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } }, "couldn't parse as pod"],
    [manifest({ containers: 'none' }), "couldn't parse as pod"],
  ])('%j is left out', (given, problem) => {
    const result = read(given)
    expect('problem' in result ? result.problem : '').toContain(problem)
  })
})
