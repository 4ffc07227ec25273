import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/incidents.md'), 'utf8')

/** Real cases that kscn was designed by; those between are other people's names for the same. */
const numbers = [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31]

interface Row {
  readonly number: number
  readonly file: string
  readonly sentence: string
}
const rows: readonly Row[] = page
  .split('\n')
  .map((line) => /^\| (\d+) \|.*\]\(\.\.\/(scenarios\/incidents\/[a-z-]+\.kscn)\): `(.+?)` \|/.exec(line))
  .filter((match) => match !== null)
  .map((match) => ({ number: Number(match[1]), file: match[2]!, sentence: match[3]! }))

describe('incidents', () => {
  it('all of them are in the table, and every file of the folder is', () => {
    expect(rows.map((row) => row.number)).toEqual(numbers)
    const files = readdirSync(join(root, 'scenarios/incidents')).filter((name) => name.endsWith('.kscn'))
    expect(rows.map((row) => row.file.replace('scenarios/incidents/', '')).sort()).toEqual(files.sort())
  })

  it.each(rows.map((row) => [row.number, row.file, row] as const))(
    '%i %s has a variant that is found and one that is mended',
    (_, file, { sentence }) => {
      const text = readFileSync(join(root, file), 'utf8')
      const failing = [...text.matchAll(/@fails\("((?:[^"\\]|\\.)*)"\)/g)].map((match) => match[1]!)
      expect(failing).toContain(sentence)
      const tagged = [...text.matchAll(/((?:^@[^\n]*\n)*)^scenario "/gm)]
      const sound = tagged.filter((match) => !match[1]!.includes('@fails'))
      expect(tagged.length - sound.length).toBe(failing.length)
      expect(sound.length).toBeGreaterThan(0)
    },
  )
})
