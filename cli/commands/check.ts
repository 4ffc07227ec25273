import { Option } from 'commander'
import type { AddCommand } from '../add-command.ts'
import { repeated } from '../repeated.ts'
import type { CheckFlags } from '../check.ts'

export const addCheck: AddCommand = (kscn, { finish }) => {
  kscn
    .command('check')
    .description('compile scenarios without running them, and print every diagnostic')
    .argument('<paths...>', 'files, folders, globs, FILE:LINE for one scenario, - for standard input')
    .option('-t, --filter <pattern>', 'only scenarios whose name contains this text')
    .option('--tag <tag>', 'only scenarios with this tag; !tag leaves them out (repeatable)', repeated)
    .option('--fix', 'mend what can be mended in the files named, then check again')
    .option('--json', 'as JSON on standard output, for editors')
    .addOption(new Option('--color', 'colours, whatever the terminal says'))
    .addOption(new Option('--no-color', 'no colours'))
    .action(async (paths: string[], flags: CheckFlags) => {
      const { check } = await import('../check.ts')
      finish(check(paths, flags))
    })
}
