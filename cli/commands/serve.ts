import { Option } from 'commander'
import type { AddCommand } from '../add-command.ts'
import { repeated } from '../repeated.ts'
import type { ServeFlags } from '../serve.ts'

export const addServe: AddCommand = (kscn, { finish, version }) => {
  kscn
    .command('serve')
    .description('serve a simulated cluster as a Kubernetes API server on 127.0.0.1, for kubectl and other clients')
    .argument('[file]', 'the cluster of its scenario (FILE:LINE where it has several); without it one of three nodes')
    .option('--port <port>', 'where to listen; 0 takes any free port', '6443')
    .option('--kubeconfig-out <file>', 'where to write the kubeconfig (0600); without it a file for as long as it runs')
    .addOption(
      new Option(
        '--clock <mode>',
        'real: as the wall clock; fast: a hundred times as fast until the cluster has settled; manual: as told',
      )
        .choices(['real', 'manual', 'fast'])
        .default('real'),
    )
    .option('--nodes <n>', 'how many nodes the cluster has, where no file says', '3')
    .option('--without <process>', 'what is not to run, such as scheduler or controller-manager (repeatable)', repeated)
    .option('--token-auth-file <file>', 'further users, as kube-apiserver\'s flag takes them: token,user,uid,"groups"')
    .option('--seed <seed>', 'where chance comes from', process.env['KSCN_SEED'] ?? '0')
    .addOption(new Option('--color', 'colours, whatever the terminal says'))
    .addOption(new Option('--no-color', 'no colours'))
    .addHelpText(
      'after',
      `
The clock of --clock manual is read and set below /kscn/clock:
  kubectl get --raw /kscn/clock
  kubectl create --raw '/kscn/clock?advance=30s' -f /dev/null
  kubectl create --raw '/kscn/clock?settle' -f /dev/null

Exit code: 0 stopped by Ctrl-C or SIGTERM, 2 the file or the command line is wrong, 3 a bug in kscn.
`,
    )
    .action(async (file: string | undefined, flags: ServeFlags) => {
      const { serve } = await import('../serve.ts')
      finish(await serve(file, flags, version))
    })
}
