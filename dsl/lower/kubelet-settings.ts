import type { ClusterSpec } from '../plan/cluster-spec.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { durationMicros } from './measure.ts'
import { checkPullSettings } from './pull-settings.ts'
import { checkShutdownSettings } from './shutdown-settings.ts'

type Values = Readonly<Record<string, string>>

const high = 'image-gc-high-threshold'
const low = 'image-gc-low-threshold'
const least = 'image-minimum-gc-age'
const most = 'image-maximum-gc-age'
/** v1beta1/defaults.go */
const defaults: Values = { [high]: '85', [low]: '80', [least]: '2m', [most]: '0s' }

/** pkg/kubelet/apis/config/validation: what a kubelet would refuse to start with. */
export const checkKubeletSettings = (props: ast.Props, values: Values, env: Env): void => {
  checkShutdownSettings(props, values, env)
  checkPullSettings(props, values, env)
  const said = (name: string): string => values[name] ?? defaults[name]!
  const report = (name: string, message: string, help: string): void => {
    const prop = props.items.find((one) => one.name.name === name)
    if (prop !== undefined) env.reporter.report('K107', prop.span, message, { help })
  }
  for (const name of [high, low]) {
    const percent = Number(said(name))
    if (percent > 100) report(name, `\`${name} ${said(name)}\` is no percentage`, 'from 0 to 100')
  }
  if (Number(said(low)) >= Number(said(high)) && Number(said(low)) <= 100) {
    const name = props.items.some((one) => one.name.name === low) ? low : high
    const message = `images are collected from ${said(high)} % on until ${said(low)} % are left: that is not less`
    report(name, message, `\`${low}\` lies below \`${high}\``)
  }
  const oldest = durationMicros(said(most)) ?? 0
  if (oldest > 0 && oldest <= (durationMicros(said(least)) ?? 0))
    report(
      most,
      `an unused image is kept for ${said(least)}, and would go after ${said(most)}`,
      `\`${most}\` lies above \`${least}\``,
    )
}

/** cpumanager.NewManager: the static policy wants CPUs that no container gets for itself. */
export const checkCpuManager = (spec: ClusterSpec, node: ast.Cluster, env: Env): void => {
  if (spec.flags['kubelet']?.['cpu-manager-policy'] !== 'static') return
  const bare = spec.nodes.find(({ capacity, allocatable }) => capacity['cpu'] === allocatable['cpu'])
  if (bare === undefined) return
  const span = node.props?.items.find((one) => one.name.name === 'kubelet')?.span ?? node.span
  env.reporter.report(
    'K107',
    span,
    `\`cpu-manager-policy static\` wants CPUs reserved, and pool \`${bare.pool}\` reserves none`,
    { help: `pool ${bare.pool} 3 { cpu 8, reserved cpu 1 }` },
  )
}
