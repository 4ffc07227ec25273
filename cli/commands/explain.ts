import { Option } from 'commander'
import type { AddCommand } from '../add-command.ts'
import type { ExplainFlags } from '../explain.ts'

export const addExplain: AddCommand = (kscn, { finish }) => {
  kscn
    .command('explain')
    .description('say a sentence in English, as a formula and on a time line; or print the page of a diagnostic')
    .argument('<what>', 'FILE:LINE (-- -:LINE for standard input), or a code as check prints it, such as K104')
    .addOption(new Option('--color', 'colours, whatever the terminal says'))
    .addOption(new Option('--no-color', 'no colours'))
    .action(async (what: string, flags: ExplainFlags) => {
      const { explain } = await import('../explain.ts')
      finish(explain(what, flags))
    })
}
