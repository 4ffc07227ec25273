import { describe, expect, test } from 'vitest'
import { diffPathText } from '../../../../api/diff/diff-path.ts'
import { diffObjects, isKeptByServer } from '../../../../api/diff/diff-objects.ts'
import type { Json, KubeObject } from '../../../../api/object.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'

const typeOf = (resource: string): string | undefined => builtinScheme().byName(resource)?.type
const changes = (resource: string, before: object, after: object): readonly string[] =>
  diffObjects(before as KubeObject, after as KubeObject, typeOf(resource)).map((one) => {
    const text = (value: Json | undefined): string => (value === undefined ? 'absent' : JSON.stringify(value))
    return `${diffPathText(one.path)}: ${text(one.before)} -> ${text(one.after)}`
  })
const pod = (spec: object): object => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec })

describe('differences of two objects', () => {
  test.each<[string, string, object, object, readonly string[]]>([
    ['nothing', 'pods', pod({ a: 1, b: {}, c: [] }), pod({ a: 1, b: {}, c: [] }), []],
    ['an empty map', 'pods', pod({ a: 1 }), pod({ a: 1, b: {} }), ['{.spec.b}: absent -> {}']],
    [
      'a scalar',
      'deployments.apps',
      { spec: { replicas: 3 } },
      { spec: { replicas: 5 } },
      ['{.spec.replicas}: 3 -> 5'],
    ],
    [
      'an amount in other units',
      'pods',
      pod({ containers: [{ name: 'a', resources: { requests: { cpu: '500m', memory: '1Gi' } } }] }),
      pod({ containers: [{ name: 'a', resources: { requests: { cpu: '0.5', memory: '1024Mi' } } }] }),
      [],
    ],
    [
      'containers in another order',
      'pods',
      pod({
        containers: [
          { name: 'a', image: 'x' },
          { name: 'b', image: 'y' },
        ],
      }),
      pod({
        containers: [
          { name: 'b', image: 'z' },
          { name: 'a', image: 'x' },
        ],
      }),
      ['{.spec.containers[name=b].image}: "y" -> "z"'],
    ],
    [
      'a container more',
      'pods',
      pod({ containers: [{ name: 'a' }] }),
      pod({ containers: [{ name: 'a' }, { name: 'b' }] }),
      ['{.spec.containers[name=b]}: absent -> {"name":"b"}'],
    ],
    [
      'ports have two keys',
      'services',
      {
        spec: {
          ports: [
            { port: 80, protocol: 'TCP' },
            { port: 80, protocol: 'UDP' },
          ],
        },
      },
      {
        spec: {
          ports: [
            { port: 80, protocol: 'UDP', name: 'u' },
            { port: 80, protocol: 'TCP' },
          ],
        },
      },
      ['{.spec.ports[port=80,protocol=UDP].name}: absent -> "u"'],
    ],
    [
      'labels, where there were none',
      'pods',
      { metadata: { name: 'a' } },
      { metadata: { name: 'a', labels: { x: '1', 'a.b/c': '2' } } },
      ['{.metadata.labels["a.b/c"]}: absent -> "2"', '{.metadata.labels.x}: absent -> "1"'],
    ],
    [
      'a set',
      'pods',
      { metadata: { finalizers: ['a', 'b'] } },
      { metadata: { finalizers: ['b', 'c'] } },
      ['{.metadata.finalizers[a]}: "a" -> absent', '{.metadata.finalizers[c]}: absent -> "c"'],
    ],
    [
      'a list without keys',
      'pods',
      pod({ containers: [{ name: 'a', args: ['x', 'y'] }] }),
      pod({ containers: [{ name: 'a', args: ['x', 'z'] }] }),
      ['{.spec.containers[name=a].args[1]}: "y" -> "z"'],
    ],
    [
      'one of another length',
      'pods',
      pod({ containers: [{ name: 'a', args: ['x'] }] }),
      pod({ containers: [{ name: 'a', args: [] }] }),
      ['{.spec.containers[name=a].args}: ["x"] -> []'],
    ],
    [
      'an int-or-string',
      'services',
      { spec: { ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }] } },
      { spec: { ports: [{ port: 80, protocol: 'TCP', targetPort: '80' }] } },
      [],
    ],
    [
      'a kind without a schema',
      'widgets',
      { spec: { list: [{ name: 'a' }] } },
      { spec: { list: [{ name: 'b' }] } },
      ['{.spec.list[0].name}: "a" -> "b"'],
    ],
    ['a value for a map', 'widgets', { spec: { a: { b: 1 } } }, { spec: { a: 1 } }, ['{.spec.a}: {"b":1} -> 1']],
    [
      'names that are nobody’s fields',
      'widgets',
      {},
      JSON.parse('{"__proto__":{"a":1}}') as object,
      ['{.__proto__.a}: absent -> 1'],
    ],
  ])('%s', (...[, resource, before, after, expected]) => {
    expect(changes(resource, before, after)).toEqual(expected)
    // The other way round it is the same, turned.
    const turned = expected.map((one) => one.replace(/^(\{.*\}): (.*) -> (.*)$/, '$1: $3 -> $2'))
    expect(changes(resource, after, before)).toEqual(turned)
  })

  test('what the server keeps is told apart', () => {
    const [status, version, name] = diffObjects(
      { status: 1, metadata: { resourceVersion: '1', name: 'a' } } as unknown as KubeObject,
      { status: 2, metadata: { resourceVersion: '2', name: 'b' } } as unknown as KubeObject,
      undefined,
    )
      .toSorted((a, b) => (diffPathText(a.path) < diffPathText(b.path) ? 1 : -1))
      .map(isKeptByServer)
    expect([status, version, name]).toEqual([true, true, false])
  })
})
