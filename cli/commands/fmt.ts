import type { AddCommand } from '../add-command.ts'
import type { FmtFlags } from '../fmt.ts'

export const addFmt: AddCommand = (kscn, { finish }) => {
  kscn
    .command('fmt')
    .description('format scenarios in place and print the names of those that changed')
    .argument('[paths...]', 'files, folders, globs, - for standard input')
    .option('--check', 'change nothing; exit code 1 if a file would change')
    .option('--stdin-filepath <file>', 'format standard input under this name to standard output')
    .action(async (paths: string[], flags: FmtFlags) => {
      const { fmt } = await import('../fmt.ts')
      finish(fmt(paths, flags))
    })
}
