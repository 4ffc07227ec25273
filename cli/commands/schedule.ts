import { Option } from 'commander'
import type { AddCommand } from '../add-command.ts'
import { repeated } from '../repeated.ts'
import type { ScheduleFlags } from '../schedule.ts'

export const addSchedule: AddCommand = (kscn, { finish }) => {
  kscn
    .command('schedule')
    .description('say where a pod would go in a cluster as it stands, and why, without a scenario')
    .requiredOption(
      '-f, --filename <file>',
      'the pod, or what has a template for it; - for standard input (repeatable)',
      repeated,
    )
    .requiredOption('--nodes <file>', 'the cluster: kubectl get nodes,pods,pv,pvc -A -o yaml (repeatable)', repeated)
    .option('--config <file>', 'a KubeSchedulerConfiguration')
    .option('--json', 'the verdict as JSON')
    .addOption(new Option('--color', 'colours, whatever the terminal says'))
    .addOption(new Option('--no-color', 'no colours'))
    .addHelpText(
      'after',
      '\nExit code: 0 every pod has a place, 1 one has none, 2 a file or the command line is wrong.\n',
    )
    .action(async (flags: ScheduleFlags) => {
      const { schedule } = await import('../schedule.ts')
      finish(schedule(flags))
    })
}
