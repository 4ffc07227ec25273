import { createTwoFilesPatch } from 'diff'
import { stringify } from 'yaml'
import type { Json } from '../api/object.ts'
import type { Difference } from '../runtime/record/finding.ts'
import type { Paint } from './paint.ts'
import { project } from './project.ts'

const yamlOf = (value: Json): string => stringify(value, { lineWidth: 0, version: '1.1', sortMapEntries: true })

/** Expected against actual as a unified diff of canonical YAML, of the fields that the pattern speaks of. */
export const printDifference = (
  difference: Difference,
  paint: Paint,
  heads: readonly [expected: string, actual: string] = ['expected', 'actual'],
): string[] => {
  const patch = createTwoFilesPatch(
    ...heads,
    yamlOf(difference.expected),
    yamlOf(project(difference.actual, difference.expected)),
    undefined,
    undefined,
    { context: 3 },
  )
  return patch
    .split('\n')
    .slice(1)
    .filter((line) => line !== '' && !line.startsWith('\\'))
    .map((line) =>
      line.startsWith('+')
        ? paint('add', line)
        : line.startsWith('-')
          ? paint('remove', line)
          : line.startsWith('@@')
            ? paint('faint', line)
            : line,
    )
}
