import { Option } from 'commander'
import type { AddCommand } from '../add-command.ts'
import type { WhyFlags } from '../why.ts'

export const addWhy: AddCommand = (kscn, { finish }) => {
  kscn
    .command('why')
    .description('say why an object is as it is at an instant of a run, down to the step, fault or timer behind it')
    .argument('<record>', 'what --reporter json:run.json wrote')
    .argument('<object>', 'as scenarios name it: pod/web-0, deployment/web@prod, pod/web-* for several')
    .option('--at <instant>', 'such as 41s; the end of the run, unless given')
    .option('--scenario <text>', 'which scenario of the record, by a part of its name')
    .addOption(new Option('--color', 'colours, whatever the terminal says'))
    .addOption(new Option('--no-color', 'no colours'))
    .addHelpText('after', '\nExit code: 0, or 2 if the record or the command line is wrong.\n')
    .action(async (record: string, object: string, flags: WhyFlags) => {
      const { why } = await import('../why.ts')
      finish(why(record, object, flags))
    })
}
