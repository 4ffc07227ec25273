import type { AddCommand } from '../add-command.ts'
import type { PlanFlags } from '../plan.ts'
import { repeated } from '../repeated.ts'

export const addPlan: AddCommand = (kscn, { finish }) => {
  kscn
    .command('plan')
    .description('print what scenarios compile to: names resolved, tables and steps unrolled')
    .argument('<paths...>', 'files, folders, globs, FILE:LINE for one scenario, - for standard input')
    .option('-t, --filter <pattern>', 'only scenarios whose name contains this text (with its table row)')
    .option('--tag <tag>', 'only scenarios with this tag; !tag leaves them out (repeatable)', repeated)
    .option('--json', 'as JSON, by the schema in docs/plan.schema.json')
    .action(async (paths: string[], flags: PlanFlags) => {
      const { plan } = await import('../plan.ts')
      finish(plan(paths, flags))
    })
}
