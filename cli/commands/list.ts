import type { AddCommand } from '../add-command.ts'
import { repeated } from '../repeated.ts'
import type { ListFlags } from '../list.ts'

export const addList: AddCommand = (kscn, { finish }) => {
  kscn
    .command('list')
    .description('print the scenarios with their places and tags')
    .argument('<paths...>', 'files, folders, globs, FILE:LINE for one scenario, - for standard input')
    .option('-t, --filter <pattern>', 'only scenarios whose name contains this text (with its table row)')
    .option('--tag <tag>', 'only scenarios with this tag; !tag leaves them out (repeatable)', repeated)
    .option('--json', 'as JSON')
    .action(async (paths: string[], flags: ListFlags) => {
      const { list } = await import('../list.ts')
      finish(list(paths, flags))
    })
}
