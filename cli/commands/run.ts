import { InvalidArgumentError, Option } from 'commander'
import type { AddCommand } from '../add-command.ts'
import { strategies } from '../../runtime/explore/strategy.ts'
import { repeated } from '../repeated.ts'
import type { RunFlags } from '../run.ts'

const wholeNumber = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('a whole number of at least 1 is wanted.')
  return value
}

export const addRun: AddCommand = (kscn, { finish, version }) => {
  kscn
    .command('run')
    .description('run scenarios and report what did not hold')
    .argument('<paths...>', 'files, folders, globs, FILE:LINE for one scenario, - for standard input')
    .option('-t, --filter <pattern>', 'only scenarios whose name contains this text (with its table row)')
    .option('--tag <tag>', 'only scenarios with this tag; !tag leaves them out (repeatable)', repeated)
    .option('--seed <seed>', 'where chance comes from', process.env['KSCN_SEED'] ?? '0')
    .option(
      '--reporter <name[:file]>',
      'pretty, dot, json, junit, tap, github, markdown, html or blob; to a file after a colon (repeatable)',
      repeated,
    )
    .option('--trace <noun>', 'print the way of one object through the control plane, such as pod/web')
    .option('--why <pod>', 'print why a pod was placed where it was, and why not elsewhere, such as pod/web')
    .option('--runs <number>', 'how often each property is run, instead of what it says', wholeNumber)
    .option('--time <seconds>', 'begin no further runs of a property after so long; it says so', wholeNumber)
    .option('--workers <number>', 'threads that explore properties; the outcome is the same', wholeNumber)
    .option('--strategy <name>', `how each property is explored: ${strategies.join(', ')}`)
    .option('--shard <i/n>', 'only every nth run of each property, from the ith: for a matrix of machines')
    .option('--save-regressions', 'write what a property found into regressions/ beside it, as a scenario')
    .option('--bail', 'stop after the first scenario that does not hold')
    .option('-u, --update', 'rewrite snapshots that have changed, remove those that nothing takes')
    .option('--watch', 'run again what changes, with all that imports it; keys: Enter, f, u, q')
    .option('--strict', 'a vacuous scenario fails')
    .option(
      '--ci',
      '@only and a missing snapshot are errors; nothing is written',
      process.env['CI'] !== undefined && process.env['CI'] !== '' && process.env['CI'] !== 'false',
    )
    .option('--deterministic', 'no wall-clock times in the output')
    .addOption(new Option('--color', 'colours, whatever the terminal says'))
    .addOption(new Option('--no-color', 'no colours'))
    .addHelpText(
      'after',
      '\nExit code: 0 all held, 1 something did not hold, 2 a scenario or the command line is wrong, 3 a bug in kscn.\n',
    )
    .action(async (paths: string[], flags: RunFlags & { readonly watch?: boolean }) => {
      if (flags.watch === true) {
        const { watch } = await import('../watch.ts')
        finish(await watch(paths, flags, version))
        return
      }
      const { run } = await import('../run.ts')
      finish(await run(paths, flags, version))
    })
}
