import { Option } from 'commander'
import type { AddCommand } from '../add-command.ts'
import type { DiffFlags } from '../diff.ts'

export const addDiff: AddCommand = (kscn, { finish, version }) => {
  kscn
    .command('diff')
    .description('compare two states of a cluster: manifests, kubectl dumps, or instants of a run')
    .argument('<a>', 'a file, a folder, - for standard input, run.json, or run.json@t=30s for an instant')
    .argument('<b>', 'the same')
    .option('--what-if', 'a and b are scenarios: run both, and say where they part')
    .option('--scenario <text>', 'which scenario, by a part of its name')
    .option('--seed <seed>', 'of --what-if: where chance comes from', process.env['KSCN_SEED'] ?? '0')
    .option('--all', 'also Events, leases, and what the server keeps: uids, versions, managed fields')
    .option('--no-status', 'status does not count')
    .option('--json', 'as JSON')
    .option('--github', 'as annotations of GitHub Actions')
    .addOption(new Option('--color', 'colours, whatever the terminal says'))
    .addOption(new Option('--no-color', 'no colours'))
    .addHelpText(
      'after',
      '\nExit code: 0 no difference, 1 a difference, 2 a file or the command line is wrong.\n\nExamples:\n  kubectl get all -A -o yaml > before.yaml; …; kscn diff before.yaml after.yaml\n  kscn diff run.json@t=10s run.json@t=30s\n  kscn diff --what-if rollout.kscn rollout-fast.kscn\n',
    )
    .action(async (a: string, b: string, flags: DiffFlags & { readonly whatIf?: boolean; readonly seed: string }) => {
      if (flags.whatIf === true) {
        const { whatIf } = await import('../what-if.ts')
        finish(await whatIf(a, b, flags, version))
        return
      }
      const { diff } = await import('../diff.ts')
      finish(diff(a, b, flags))
    })
}
