import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { ScenarioPlan } from '../dsl/plan/plan.ts'
import { brokenOf } from '../runtime/explore/fingerprint.ts'
import type { Record } from '../runtime/record/record.ts'
import { timelinePath } from '../runtime/explore/timeline-path.ts'
import { regressionText } from './regression-text.ts'

const slug = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

/** Lines of a comment, at most so wide. */
const wrapped = (text: string): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + word.length > 100) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

export interface Regression {
  readonly path: string
  readonly text: string
}

const unknownHash = '0'.repeat(16)
const unknownRun = `${unknownHash}.0-`

/**
 * The failure of an exploration as a file beside its property, in `regressions/`; it is run once, and told by the hash of that
 * run. A text: why there is none.
 */
export const regressionOf = (
  scenario: ScenarioPlan,
  record: Record,
  {
    sources,
    run,
  }: { readonly sources: ReadonlyMap<string, string>; readonly run: (made: Regression) => Record | undefined },
): Regression | string | undefined => {
  const failure = record.exploration?.failure
  const finding = brokenOf(record)
  const path = scenario.span.file
  const text = sources.get(path)
  if (failure === undefined || finding === undefined || text === undefined) return undefined
  const folder = join(dirname(path), 'regressions')
  const made = regressionText({
    path,
    text,
    scenario,
    failure,
    seed: record.seed,
    head: [
      ...wrapped(`Broke "${finding.sentence}": ${finding.message}`),
      `found by    ${scenario.title}, ${failure.verdict}`,
      `timeline    ${unknownRun}`,
    ],
    importPath: (imported) => {
      const moved = relative(folder, join(dirname(path), imported))
      return moved.startsWith('.') ? moved : `./${moved}`
    },
  })
  const named = (hash: string): string => join(folder, `${slug(scenario.title)}-${hash.slice(0, 8)}.kscn`)
  const alone = made === undefined ? undefined : run({ path: named(unknownHash), text: made })
  if (made === undefined || alone === undefined || brokenOf(alone)?.sentence !== finding.sentence)
    return 'written as a scenario of its own it does not fail in the same way; its token still does'
  return { path: named(alone.hash), text: made.replace(unknownRun, `${alone.hash}.${timelinePath(alone.timeline)}`) }
}

/** Writes it unless it is there already. */
export const saveRegression = ({ path, text }: Regression): void => {
  if (existsSync(path)) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
