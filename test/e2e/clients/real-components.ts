import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { kubeconfigText } from '../../../integrations/kubeconfig/kubeconfig-text.ts'
import type { Served } from '../served.ts'
import { until } from './check.ts'

/** Tokens of the users as which the components come. */
export const componentTokens: string =
  'kcmtoken,system:kube-controller-manager,kcm-uid\nschedtoken,system:kube-scheduler,sched-uid\n'

export const oracleFolder = (): string | undefined => {
  const folder = join(process.env['ORACLE_HOME'] ?? join(homedir(), '.cache/kscn-oracle'), 'bin')
  return existsSync(join(folder, 'kube-scheduler')) ? folder : undefined
}

interface Component {
  readonly name: string
  readonly process: ChildProcess
  readonly log: string
}

const start = (bin: string, served: Served, name: string, flags: readonly string[]): Component => {
  const log = join(served.folder, `${name}.log`)
  const out = openSync(log, 'w')
  return { name, log, process: spawn(join(bin, name), flags, { stdio: ['ignore', out, out], cwd: served.folder }) }
}

const kubeconfigFor = (served: Served, user: string, token: string): string => {
  const path = join(served.folder, `${user.replaceAll(':', '-')}.kubeconfig`)
  writeFileSync(path, kubeconfigText({ server: served.url, ca: served.ca, user, token }), { mode: 0o600 })
  return path
}

/** What a component said last, when something did not come to pass. */
const lastWords = ({ name, log, process }: Component): string => {
  const words = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-8).join('\n    ')
  return `  ${name} (${process.exitCode === null ? 'runs' : `ended with ${process.exitCode}`}):\n    ${words}`
}

/** The real kube-scheduler and kube-controller-manager take a Deployment of 5 through its life, on simulated nodes. */
export const runRealComponents = async (bin: string, served: Served): Promise<void> => {
  const key = join(served.folder, 'sa.key')
  const ca = join(served.folder, 'ca.crt')
  spawnSync('openssl', ['genrsa', '-out', key, '2048'])
  writeFileSync(ca, served.ca)
  const manager = kubeconfigFor(served, 'system:kube-controller-manager', 'kcmtoken')
  const scheduler = kubeconfigFor(served, 'system:kube-scheduler', 'schedtoken')
  const components = [
    start(bin, served, 'kube-controller-manager', [
      '--kubeconfig', manager, '--leader-elect=true', '--secure-port', '0', '--use-service-account-credentials=true',
      '--service-account-private-key-file', key, '--root-ca-file', ca, '--allocate-node-cidrs=true', '--cluster-cidr', '10.244.0.0/16',
      '--service-cluster-ip-range', '10.96.0.0/16',
    ]), // prettier-ignore
    start(bin, served, 'kube-scheduler', [
      '--kubeconfig', scheduler, '--authentication-kubeconfig', scheduler, '--authorization-kubeconfig', scheduler,
      '--leader-elect=true', '--secure-port', '0',
    ]), // prettier-ignore
  ]
  const kubectl = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync('kubectl', ['--kubeconfig', served.kubeconfig, ...args], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`)
    return stdout
  }
  const kubectlTries = (...args: readonly string[]): string => {
    const { stdout } = spawnSync('kubectl', ['--kubeconfig', served.kubeconfig, ...args], { encoding: 'utf8' })
    return stdout
  }
  const say = (text: string): void => void process.stdout.write(`  ${text}\n`)
  try {
    kubectl('create', 'deployment', 'web', '--image=nginx:1.27', '--replicas=5')
    const available = [
      'get',
      'deployment',
      'web',
      '-o',
      'jsonpath={.status.availableReplicas}/{.status.updatedReplicas}',
    ]
    await until('5 replicas are Available', () => kubectlTries(...available) === '5/5', 90)
    say(
      `5 of 5 Available, on ${new Set(kubectl('get', 'pods', '-l', 'app=web', '-o', 'jsonpath={.items[*].spec.nodeName}').split(' ')).size} nodes`,
    )
    kubectl('set', 'image', 'deployment/web', 'nginx=nginx:1.28')
    const rolled = ['get', 'pods', '-l', 'app=web', '-o', 'jsonpath={.items[*].spec.containers[0].image}']
    await until(
      'all replicas run the new image',
      () =>
        kubectlTries(...available) === '5/5' &&
        kubectlTries(...rolled) === Array<string>(5).fill('nginx:1.28').join(' '),
      90,
    )
    say('rolled to the new image')
    kubectl('delete', 'deployment', 'web')
    await until('nothing is left', () => kubectlTries('get', 'pods,rs', '-l', 'app=web', '-o', 'name') === '', 90)
    say('deleted, pods and all')
  } catch (error) {
    throw new Error(
      `${error instanceof Error ? error.message : String(error)}\n${components.map(lastWords).join('\n')}`,
    )
  } finally {
    for (const { process } of components) process.kill('SIGKILL')
  }
}
