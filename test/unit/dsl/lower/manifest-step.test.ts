import { describe, expect, it } from 'vitest'
import { compile } from '../../../../dsl/compile.ts'

const yaml =
  '```yaml\n    apiVersion: v1\n    kind: Pod\n    metadata: { name: web }\n    spec: { containers: [{ name: a, image: i }] }\n  ```'
const messages = (step: string): readonly string[] => {
  const text = `scenario "s" {\n  cluster { pool workers 1 { cpu 2, memory 4Gi }, images ["i"] }\n  ${step}\n  expect pods are Ready within 1m\n}\n`
  const host = { read: (path: string) => ({ path, text }), list: () => [], names: () => [] }
  const { diagnostics } = compile(['a.kscn'], host as unknown as Parameters<typeof compile>[1])
  return diagnostics.map((one) => `${one.code} ${one.message}`)
}

describe('put and remove', () => {
  it.each([
    [`put manifest web on node/workers-0 ${yaml}`, []],
    [`put manifest web.yaml on nodes[pool=workers] ${yaml}`, []],
    ['remove manifest web on node/workers-0', []],
    [`put web on node/workers-0 ${yaml}`, ['K117 `put` is for the word `manifest` and its name']],
    [
      'remove manifest on node/workers-0',
      ['K117 a manifest has a name, as a file has: small letters, digits, `-` and `.`'],
    ],
    [
      `put manifest Web on node/workers-0 ${yaml}`,
      ['K117 a manifest has a name, as a file has: small letters, digits, `-` and `.`'],
    ],
    [`put manifest web ${yaml}`, ['K117 `put manifest` wants the node that it lies on']],
    [`put manifest web on pool/workers ${yaml}`, ['K117 a manifest lies on nodes, not on pool/workers']],
    ['put manifest web on node/workers-0', ['K117 `put manifest` wants a YAML block or a file']],
    [`remove manifest web on node/workers-0 ${yaml}`, ['K117 `remove` takes no block']],
    ['remove manifest web now on node/workers-0', ['K117 `remove manifest` takes no `now`']],
    [
      `put manifest web on node/workers-0 ${yaml.replace('kind: Pod', 'kind: ReplicationController').replace(/spec:.*/, 'spec: {}')}`,
      ['K117 a node runs pods from its manifests, not a ReplicationController'],
    ],
    [
      `put manifest web on node/workers-0 ${yaml.replace('\n  ```', '\n    ---\n    apiVersion: v1\n    kind: Pod\n    metadata: { name: b }\n  ```')}`,
      ['K117 a manifest holds one pod'],
    ],
  ])('%s', (step, expected) => {
    expect(messages(step)).toEqual(expected)
  })
})
