import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createSourceHost } from '../../../cli/source-host.ts'
import { compile } from '../../../dsl/compile.ts'
import { format } from '../../../dsl/format/format.ts'
import { examples } from './support/examples.ts'

const folder = 'scenarios/examples'
const files = readdirSync(folder).filter((name) => name.endsWith('.kscn'))
const texts = new Map(files.map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]))

const head = /^(?:scenario|property) "(.*?)" \{$/m
const titleOf = (text: string): string => head.exec(text)?.[1] ?? ''
/** The scenario in its canonical form, without comments and line breaks. */
const said = (text: string): string => {
  const formatted = format(text, 'example.kscn') ?? ''
  return formatted
    .slice(head.exec(formatted)?.index)
    .replaceAll(/(^|\s)#.*/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

describe('the examples of the language specification', () => {
  const specified = examples.filter(({ name }) => name.startsWith('4-'))

  test('are all here', () => {
    expect(specified.length).toBe(20)
  })

  test.each(specified)('$name is a file under scenarios/examples, word by word', ({ text }) => {
    const found = [...texts].filter(([, other]) => titleOf(other) === titleOf(text))
    expect(found.map(([name]) => name)).toHaveLength(1)
    expect(said(found[0]![1])).toBe(said(text))
  })

  test('a changed word would be seen', () => {
    const [{ text } = { text: '' }] = specified
    expect(said(text.replace('within 10s', 'within 11s'))).not.toBe(said(text))
  })
})

test.each(files)('%s compiles, without a warning', (name) => {
  const { diagnostics } = compile([`${folder}/${name}`], createSourceHost())
  expect(diagnostics.map((one) => `${one.code} ${one.message}`)).toEqual([])
})
