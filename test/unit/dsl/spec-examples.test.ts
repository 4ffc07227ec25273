import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createSourceHost } from '../../../cli/source-host.ts'
import { compile } from '../../../dsl/compile.ts'
import { format } from '../../../dsl/format/format.ts'

const folder = 'test/e2e/fixtures/spec'
const files = readdirSync(folder).filter((name) => name.endsWith('.kscn'))

describe('examples of the specification that wait for something to be built', () => {
  test.each(files)('%s: nothing is wrong with it but that', (name) => {
    const path = `${folder}/${name}`
    const { diagnostics } = compile([path], createSourceHost())
    const others = diagnostics.filter((one) => one.severity === 'error' && !/^K41\d$/.test(one.code))
    expect(others.map((one) => `${one.code} ${one.message}`)).toEqual([])
    const text = readFileSync(path, 'utf8')
    expect(format(text, path)).toBe(text)
  })
})
