import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../../api/object.ts'
import type { WatchEvent } from '../../../api/protocol/watch-event.ts'
import { createEtcdFuzzer } from '../../fuzz/etcd/fuzzer.ts'
import { brokenGuarantee, type Committed } from '../../fuzz/etcd/guarantees.ts'
import { createRandom } from '../../fuzz/random.ts'

const findings = (planted: boolean, runs: number): string[] => {
  const fuzzer = createEtcdFuzzer([], planted)
  const found: string[] = []
  for (let index = 0; index < runs; index += 1) {
    const problem = fuzzer.check(fuzzer.input(createRandom(7, index)))
    if (problem !== undefined) found.push(`${index}: ${problem.kind}: ${problem.detail}`)
  }
  return found
}

test('crashes, partitions, slow members and compaction break no guarantee', () => {
  expect(findings(false, 120)).toEqual([])
}, 60_000)

test('an API server that loses an event is found', () => {
  expect(findings(true, 20).join('\n')).toMatch(/: (?:reliable|resumable|atomic|bookmarkable|isCreate): /)
}, 60_000)

describe('each guarantee is judged', () => {
  const object = (name: string, revision: number, n: string, label = 'a'): KubeObject =>
    ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'd', uid: name, resourceVersion: String(revision), labels: { l: label } },
      data: { n },
    }) as unknown as KubeObject
  const put = (name: string, revision: number, before?: KubeObject, label = 'a'): Committed => ({
    revision,
    key: `d/${name}`,
    value: object(name, revision, String(revision), label),
    before,
  })
  const [a2, b3, b4, c4] = [put('a', 2), put('b', 3), put('b', 4, object('b', 3, '3')), put('c', 4)]
  const gone: Committed = { revision: 5, key: 'd/a', value: undefined, before: a2.value }
  const history = [a2, b3, b4, c4, gone]
  const tell = (type: 'ADDED' | 'MODIFIED' | 'DELETED', shown: KubeObject): WatchEvent => ({
    type,
    object: shown,
    cause: 0,
  })
  const all: readonly WatchEvent[] = [
    tell('ADDED', a2.value!),
    tell('ADDED', b3.value!),
    tell('MODIFIED', b4.value!),
    tell('ADDED', c4.value!),
    tell('DELETED', object('a', 5, '2')),
  ]
  const bookmark = (revision: number): WatchEvent => ({
    type: 'BOOKMARK',
    resourceVersion: String(revision),
    initialEventsEnd: false,
  })
  const judge = (
    events: readonly WatchEvent[],
    more: { readonly from?: number; readonly label?: string } = {},
  ): string | undefined =>
    brokenGuarantee({ name: 'w', from: more.from ?? 1, label: more.label, events }, history, true)?.kind

  test('a whole stream keeps all of them', () => {
    expect(judge(all)).toBeUndefined()
    expect(judge([...all, bookmark(5)])).toBeUndefined()
  })
  test.each<[string, readonly WatchEvent[], { from?: number; label?: string }?]>([
    ['ordered', [all[0]!, all[2]!, all[1]!].map((one, index) => (index === 1 ? all[1]! : index === 2 ? all[0]! : one))],
    ['unique', [all[0]!, all[1]!, all[1]!]],
    ['reliable', [all[0]!, all[2]!]],
    ['reliable', all.slice(0, 4)],
    ['reliable', [...all, tell('ADDED', object('x', 9, '9'))]],
    ['atomic', all.slice(0, 3)],
    ['resumable', [all[4]!], { from: 3 }],
    ['bookmarkable', [all[0]!, bookmark(3)]],
    ['bookmarkable', [bookmark(3)]],
    ['prevKV', [...all.slice(0, 4), tell('DELETED', object('a', 5, '9'))]],
    ['isCreate', [tell('MODIFIED', a2.value!)]],
    ['filter', [tell('ADDED', a2.value!)], { label: 'b' }],
  ])('%s', (guarantee, events, more) => {
    expect(judge(events, more)).toBe(guarantee)
  })
})
