import type { AddCommand } from '../add-command.ts'
import type { ReplayFlags } from '../replay.ts'

export const addReplay: AddCommand = (kscn, { finish, version }) => {
  kscn
    .command('replay')
    .description('run one explored run again, and say whether it is the same')
    .argument('<token|file>', 'what a failing property printed behind `replay`, or a saved regression')
    .option('--no-color', 'no colours')
    .action(async (what: string, flags: ReplayFlags) => {
      const { replay } = await import('../replay.ts')
      finish(await replay(what, flags, version))
    })
}
