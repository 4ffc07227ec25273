import { readdirSync, readFileSync } from 'node:fs'

const folder = 'test/unit/dsl/fixtures/examples'

export interface Example {
  readonly name: string
  readonly text: string
}

/** The examples of the language reference. */
export const examples: readonly Example[] = [
  { name: 'lib/base.kscn', text: readFileSync(`${folder}/lib/base.kscn`, 'utf8') },
  ...readdirSync(folder)
    .filter((name) => name.endsWith('.kscn'))
    .sort()
    .map((name) => ({ name, text: readFileSync(`${folder}/${name}`, 'utf8') })),
]
