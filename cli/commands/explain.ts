import type { AddCommand } from '../add-command.ts'

export const addExplain: AddCommand = (kscn, { finish }) => {
  kscn
    .command('explain')
    .description('print the page of a diagnostic')
    .argument('<code>', 'a code as check prints it, such as K104')
    .action(async (what: string) => {
      const { explain } = await import('../explain.ts')
      finish(explain(what))
    })
}
