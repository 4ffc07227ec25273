import { describe, expect, it } from 'vitest'
import { createSourceHost } from '../../../../cli/source-host.ts'
import { compile } from '../../../../dsl/compile.ts'
import { packRecord } from '../../../../reporters/packed/pack-record.ts'
import type { PackedRecord } from '../../../../reporters/packed/packed-record.ts'
import { unpackRecord } from '../../../../reporters/packed/unpack-record.ts'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import type { Record } from '../../../../runtime/record/record.ts'
import { runScenario } from '../../../../runtime/runner/run-scenario.ts'

const recordsOf = (path: string): readonly Record[] =>
  compile([path], createSourceHost()).plan!.scenarios.map((one) => runScenario(one, { seed: '0', createCluster }))
const throughJson = (record: Record): Record =>
  unpackRecord(JSON.parse(JSON.stringify(packRecord(record))) as PackedRecord)

/** Undefined is absent, and what a definition says of a custom resource is not kept. */
const plain = (value: unknown): unknown =>
  value === undefined
    ? undefined
    : (JSON.parse(JSON.stringify(value, (key, one: unknown) => (key === 'custom' ? undefined : one))) as unknown)

describe.each(['node-crash', 'scaling', 'rbac', 'crash-loop'])('the packed record of %s', (name) => {
  const records = recordsOf(`scenarios/examples/${name}.kscn`)

  it('gives every entry back', () => {
    for (const record of records) {
      const { timeline } = throughJson(record)
      expect(timeline.length).toBe(record.timeline.length)
      for (let entry = 0; entry < timeline.length; entry += 1)
        for (const column of ['time', 'kind', 'actor', 'action', 'subject', 'cause', 'data'] as const)
          expect(plain(timeline[column](entry)), `${column} of ${entry}`).toEqual(plain(record.timeline[column](entry)))
    }
  })

  it('gives back the start, the draws and all that is told of the run', () => {
    for (const record of records) {
      const { timeline, ...rest } = throughJson(record)
      const { timeline: _timeline, ...expected } = record
      expect(plain(rest)).toEqual(plain({ ...expected, hash: record.hash }))
      const subject = record.timeline.subject(record.timeline.length - 1)
      expect(timeline.about(subject)).toEqual(record.timeline.about(subject))
      expect(timeline.about('pods/nowhere/none')).toEqual([])
    }
  })
})

it('is small: less than 150 bytes an entry of a long run', () => {
  const [record] = recordsOf('scenarios/examples/node-crash.kscn')
  expect(record!.timeline.length).toBeGreaterThan(500)
  expect(JSON.stringify(packRecord(record!).timeline).length / record!.timeline.length).toBeLessThan(150)
})
