import { Command, CommanderError } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { exitCode, type ExitCode } from './exit-code.ts'
import { addAllowOutside } from './allow-outside.ts'
import { reportBug } from './report-bug.ts'
import { addCheck } from './commands/check.ts'
import { addDiff } from './commands/diff.ts'
import { addExplain } from './commands/explain.ts'
import { addFmt } from './commands/fmt.ts'
import { addList } from './commands/list.ts'
import { addMergeReports } from './commands/merge-reports.ts'
import { addPlan } from './commands/plan.ts'
import { addReplay } from './commands/replay.ts'
import { addRun } from './commands/run.ts'
import { addSchedule } from './commands/schedule.ts'
import { addServe } from './commands/serve.ts'
import { addWhy } from './commands/why.ts'
import type { AddCommand } from './add-command.ts'
import { UsageError } from './usage-error.ts'
import { setImportModule, type ImportModule } from './import-module.ts'

const { version } = packageJson as { readonly version: string }

/** In the order in which the help shows them. */
const commands: readonly AddCommand[] = [
  addRun,
  addReplay,
  addCheck,
  addFmt,
  addList,
  addPlan,
  addExplain,
  addSchedule,
  addServe,
  addDiff,
  addMergeReports,
  addWhy,
]

const program = (finish: (code: ExitCode) => void): Command => {
  const kscn = new Command('kscn')
    .description('Runs .kscn scenarios on a deterministic, in-memory Kubernetes 1.36 control plane.')
    .version(version, '-V, --version')
    .showSuggestionAfterError()
    .showHelpAfterError('(kscn --help shows the commands)')
    .exitOverride()
    .configureHelp({ helpWidth: Math.min(process.stdout.columns ?? 100, 100) })
    .addHelpText(
      'after',
      '\nExamples:\n  kscn run scenarios/\n  kscn run web.kscn:42 --seed 7\n  kscn check web.kscn\n',
    )

  for (const add of commands) add(kscn, { version, finish })
  addAllowOutside(kscn)
  return kscn
}

/** The command line. Sets the exit code; never throws. */
export const main = async (args: readonly string[], importModule?: ImportModule): Promise<void> => {
  if (importModule !== undefined) setImportModule(importModule)
  // A reader that closes the pipe early (head, less) is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
    throw error
  })
  try {
    const kscn = program((code) => {
      process.exitCode = code
    })
    if (args.length === 0) {
      kscn.outputHelp({ error: true })
      process.exitCode = exitCode.wrong
    } else await kscn.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCode.held : exitCode.wrong
    else if (error instanceof UsageError) {
      process.stderr.write(`kscn: ${error.message}\n${error.help === undefined ? '' : `  ${error.help}\n`}`)
      process.exitCode = exitCode.wrong
    } else {
      reportBug(error, { version, what: `kscn ${args.join(' ')}` })
      process.exitCode = exitCode.bug
    }
  }
}
