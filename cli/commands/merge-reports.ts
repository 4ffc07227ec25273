import { Option } from 'commander'
import type { AddCommand } from '../add-command.ts'
import type { MergeFlags } from '../merge-reports.ts'
import { repeated } from '../repeated.ts'

export const addMergeReports: AddCommand = (kscn, { finish, version }) => {
  kscn
    .command('merge-reports')
    .description('make one report of several runs, from what --reporter blob:FILE wrote')
    .argument('<files...>', 'blob reports, in the order in which they are to be told')
    .option('--reporter <name[:file]>', 'as of kscn run; to a file after a colon (repeatable)', repeated)
    .option('--strict', 'a vacuous scenario fails')
    .option('--deterministic', 'no wall-clock times in the output')
    .addOption(new Option('--color', 'colours, whatever the terminal says'))
    .addOption(new Option('--no-color', 'no colours'))
    .action(async (paths: string[], flags: MergeFlags) => {
      const { mergeReports } = await import('../merge-reports.ts')
      finish(mergeReports(paths, flags, version))
    })
}
