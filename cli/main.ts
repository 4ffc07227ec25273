import { Command, CommanderError, Option } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { exitCode, type ExitCode } from './exit-code.ts'
import { reportBug } from './report-bug.ts'
import type { CheckFlags } from './check.ts'
import type { FmtFlags } from './fmt.ts'
import type { ListFlags } from './list.ts'
import type { RunFlags } from './run.ts'
import { UsageError } from './usage-error.ts'

const { version } = packageJson as { readonly version: string }

const repeated = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

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

  kscn
    .command('run')
    .description('run scenarios and report what did not hold')
    .argument('<paths...>', 'files, folders, globs, FILE:LINE for one scenario, - for standard input')
    .option('-t, --filter <pattern>', 'only scenarios whose name contains this text (with its table row)')
    .option('--tag <tag>', 'only scenarios with this tag; !tag leaves them out (repeatable)', repeated)
    .option('--seed <seed>', 'where chance comes from', process.env['KSCN_SEED'] ?? '0')
    .option('--reporter <name[:file]>', 'pretty, json or junit; to a file after a colon (repeatable)', repeated)
    .option('--trace <noun>', 'print the way of one object through the control plane, such as pod/web')
    .option('--bail', 'stop after the first scenario that does not hold')
    .option('--strict', 'a vacuous scenario fails')
    .option(
      '--ci',
      '@only is an error',
      process.env['CI'] !== undefined && process.env['CI'] !== '' && process.env['CI'] !== 'false',
    )
    .option('--deterministic', 'no wall-clock times in the output')
    .addOption(new Option('--color', 'colours, whatever the terminal says'))
    .addOption(new Option('--no-color', 'no colours'))
    .addHelpText(
      'after',
      '\nExit code: 0 all held, 1 something did not hold, 2 a scenario or the command line is wrong, 3 a bug in kscn.\n',
    )
    .action(async (paths: string[], flags: RunFlags) => {
      const { run } = await import('./run.ts')
      finish(await run(paths, flags, version))
    })

  kscn
    .command('check')
    .description('compile scenarios without running them, and print every diagnostic')
    .argument('<paths...>', 'files, folders, globs, - for standard input')
    .addOption(new Option('--color', 'colours, whatever the terminal says'))
    .addOption(new Option('--no-color', 'no colours'))
    .action(async (paths: string[], flags: CheckFlags) => {
      const { check } = await import('./check.ts')
      finish(check(paths, flags))
    })

  kscn
    .command('fmt')
    .description('format scenarios in place and print the names of those that changed')
    .argument('[paths...]', 'files, folders, globs, - for standard input')
    .option('--check', 'change nothing; exit code 1 if a file would change')
    .option('--stdin-filepath <file>', 'format standard input under this name to standard output')
    .action(async (paths: string[], flags: FmtFlags) => {
      const { fmt } = await import('./fmt.ts')
      finish(fmt(paths, flags))
    })

  kscn
    .command('list')
    .description('print the scenarios with their places and tags')
    .argument('<paths...>', 'files, folders, globs, FILE:LINE for one scenario, - for standard input')
    .option('-t, --filter <pattern>', 'only scenarios whose name contains this text (with its table row)')
    .option('--tag <tag>', 'only scenarios with this tag; !tag leaves them out (repeatable)', repeated)
    .option('--json', 'as JSON')
    .action(async (paths: string[], flags: ListFlags) => {
      const { list } = await import('./list.ts')
      finish(list(paths, flags))
    })

  kscn
    .command('explain')
    .description('print the page of a diagnostic')
    .argument('<code>', 'a code as check prints it, such as K104')
    .action(async (what: string) => {
      const { explain } = await import('./explain.ts')
      finish(explain(what))
    })
  return kscn
}

/** The command line. Sets the exit code; never throws. */
export const main = async (args: readonly string[]): Promise<void> => {
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
