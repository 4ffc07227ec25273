import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile } from '../../../../dsl/compile.ts'
import type { Json } from '../../../../api/object.ts'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import { applyEdits, editsBetween } from '../../../../runtime/record/edits.ts'
import { decodeHistory } from '../../../../runtime/record/decode-history.ts'
import { encodeHistory } from '../../../../runtime/record/encode-history.ts'
import { objectsAt } from '../../../../runtime/record/objects-at.ts'
import { timelineHash } from '../../../../runtime/record/timeline-hash.ts'
import { runScenario } from '../../../../runtime/runner/run-scenario.ts'

const text = `scenario "one pod" {
  cluster { pool workers 1 { cpu 2, memory 4Gi } }
  create \`\`\`yaml
    apiVersion: v1
    kind: Pod
    metadata: { name: web }
    spec: { containers: [{ name: app, image: "web:v1" }] }
  \`\`\`
  expect pod/web is Ready within 30s
  delete pod/web
}
`
const { plan } = compile(['web.kscn'], { read: (path) => ({ path, text }), glob: () => [] })
const record = runScenario(plan!.scenarios[0]!, { seed: '0', createCluster })
const document = (): Record<string, unknown> =>
  JSON.parse(JSON.stringify(encodeHistory(record))) as Record<string, unknown>

describe('the history of a run', () => {
  test('comes back from JSON as it was, entry by entry', () => {
    const decoded = decodeHistory(document())
    if ('wrong' in decoded) throw new Error(decoded.wrong)
    expect(timelineHash(decoded.history.timeline)).toBe(record.hash)
    for (const at of [-5_000_000, 0, 1_000_000, record.duration])
      expect(objectsAt(decoded.history, at)).toEqual(objectsAt(record, at))
    expect(objectsAt(record, record.duration).length).toBeGreaterThan(100)
  })

  test.each<[string, (one: Record<string, unknown>) => unknown, RegExp]>([
    ['nothing', () => undefined, /holds no history/],
    ['another version', (one) => ({ ...one, version: 7 }), /version 7/],
    ['no entries', (one) => ({ ...one, entries: undefined }), /no list of entries/],
    ['an entry of nobody', (one) => ({ ...one, texts: [] }), /entry 0 .* broken/],
    [
      'an unknown resource',
      (one) => ({ ...one, resources: (one['resources'] as string[]).map(() => 'v1/Nothing') }),
      /v1\/Nothing/,
    ],
    [
      'edits of what is not there',
      (one) => ({ ...one, start: [], entries: [[0, 'revision', 0, 0, 0, -1, [1, 0, 'edits', []]]] }),
      /edits what is not there/,
    ],
  ])('is refused with %s', (_, spoil, message) => {
    const decoded = decodeHistory(spoil(document()))
    expect('wrong' in decoded ? decoded.wrong : '').toMatch(message)
  })

  test('edits lead from any value to any other', () => {
    const json = fc.jsonValue({ maxDepth: 3 }).map((one) => JSON.parse(JSON.stringify(one)) as Json)
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(applyEdits(a, editsBetween(a, b))).toEqual(b)
        expect(editsBetween(a, a)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
