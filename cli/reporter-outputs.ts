import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { reporters } from '../reporters/registry.ts'
import type { ReportContext, Reporter } from '../reporters/reporter.ts'
import type { Record } from '../runtime/record/record.ts'
import { UsageError } from './usage-error.ts'

/** One `--reporter`: to standard output as it comes, or to a file that appears whole at the end. */
export interface Output {
  record(record: Record): void
  end(records: readonly Record[], interrupted: boolean): void
}

type ContextFor = (toFile: boolean, interrupted: boolean) => ReportContext

const toTerminal = (reporter: Reporter, contextFor: ContextFor): Output => ({
  record: (record) => process.stdout.write(reporter.record(record, contextFor(false, false))),
  end: (records, interrupted) => process.stdout.write(reporter.end(records, contextFor(false, interrupted))),
})

const toFile = (reporter: Reporter, path: string, contextFor: ContextFor): Output => ({
  record: () => undefined,
  end(records, interrupted) {
    const context = contextFor(true, interrupted)
    const text = records.map((record) => reporter.record(record, context)).join('') + reporter.end(records, context)
    try {
      mkdirSync(dirname(path), { recursive: true })
      // Written beside and renamed, so that nobody ever sees half a file.
      writeFileSync(`${path}.partial`, text)
      renameSync(`${path}.partial`, path)
    } catch (error) {
      throw new UsageError(`the ${reporter.name} report cannot be written to ${path}: ${(error as Error).message}`)
    }
  },
})

/** `pretty`, `junit:out.xml`, … as the user asked for them. Only one may go to standard output. */
export const reporterOutputs = (wanted: readonly string[], contextFor: ContextFor): readonly Output[] => {
  const plain = wanted.filter((one) => !one.includes(':'))
  if (plain.length > 1)
    throw new UsageError(
      `${plain.join(' and ')} cannot both write to standard output`,
      `give one of them a file: --reporter ${plain[1]!}:FILE`,
    )
  return wanted.map((one) => {
    const [name, ...rest] = one.split(':')
    const reporter = reporters[name!]
    if (reporter === undefined)
      throw new UsageError(`no reporter ${name}`, `there are ${Object.keys(reporters).join(', ')}`)
    const path = rest.join(':')
    if (one.includes(':') && path === '') throw new UsageError(`--reporter ${one} names no file`, `write ${name}:FILE`)
    return path === '' ? toTerminal(reporter, contextFor) : toFile(reporter, path, contextFor)
  })
}
