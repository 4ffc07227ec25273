import { describe, expect, test } from 'vitest'
import { faultSignatures } from '../../../../dsl/names/fault-signatures.ts'
import { faultOf } from '../../../../runtime/faults/registry.ts'
import { compileText } from '../support/compile-text.ts'

const all = Object.entries(faultSignatures)
const check = (line: string): readonly string[] =>
  compileText(
    `scenario "s" {\n  cluster { pool workers 1 { cpu 1, zones [a] } }\n  ${line}\n  wait 1h\n}\n`,
  ).diagnostics.map((one) => `${one.code} ${one.message}`)

describe('signatures of faults', () => {
  test.each(all)('%s: `built` names what the runtime can inject, and nothing else', (name, { targets, built }) => {
    const injectable = targets.filter((target) => faultOf(name, target) !== undefined)
    // A single etcd has nobody to be parted from.
    expect(injectable.filter((one) => one !== 'etcd')).toEqual(
      targets.filter((one) => built.includes(one) && one !== 'etcd'),
    )
    for (const one of built) expect(injectable).toContain(one)
    expect([...built].sort()).toEqual([...targets].sort())
  })

  test.each(all)('%s: its example is accepted', (_, { example }) => {
    expect(check(example).filter((one) => !one.startsWith('K129'))).toEqual([])
  })

  test.each([
    ['inject flap node/workers-0 for 5m', '`inject flap` wants `every` and a duration'],
    ['inject flap node/workers-0 evry 5s', '`inject flap` wants `every` and a duration'],
    ['inject pressure node/workers-0 memroy', '`inject pressure` takes no `memroy`'],
    ['inject pressure node/workers-0', '`inject pressure` wants one of memory, disk, pid'],
    ['inject error apiserver/0 5000', '`5000` is no HTTP status'],
    ['inject crash controller/deployment after-write', '`after-write` wants a number'],
    ['inject crash node/workers-0 between-writes', '`inject crash` takes no `between-writes`'],
    ['inject slow etcd', '`inject slow` wants `by`'],
    ['inject partition node/workers-0', '`partition` wants the other side'],
  ])('%s', (line, message) => {
    expect(check(line)).toContain(`K128 ${message}`)
  })
})
