import { parseShutdownPeriods } from '../../api/nodes/shutdown-periods.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { durationMicros } from './measure.ts'

const total = 'shutdown-grace-period'
const critical = 'shutdown-grace-period-critical-pods'
const byPriority = 'shutdown-grace-period-by-pod-priority'
const second = 1_000_000

/** pkg/kubelet/apis/config/validation: what a kubelet says of its shutdown periods instead of starting. */
export const checkShutdownSettings = (props: ast.Props, values: Readonly<Record<string, string>>, env: Env): void => {
  const report = (name: string, message: string, help: string): void => {
    const prop = props.items.find((one) => one.name.name === name)
    if (prop !== undefined) env.reporter.report('K107', prop.span, message, { help })
  }
  const micros = (name: string): number => durationMicros(values[name] ?? '') ?? 0
  for (const name of [total, critical])
    if (micros(name) > 0 && micros(name) < second)
      report(name, `\`${name}\` is either 0s or at least 1s`, 'a kubelet does not start with less')
  if (micros(critical) > micros(total))
    report(
      critical,
      `critical pods get ${values[critical]} of a shutdown that takes ${values[total] ?? '0s'}`,
      `\`${critical}\` is a part of \`${total}\`: at most as long`,
    )
  const periods = values[byPriority]
  if (periods === undefined) return
  if (parseShutdownPeriods(periods) === undefined)
    report(byPriority, `\`${periods}\` says no periods`, 'seconds by priority: "0=20, 100000=10"')
  else if (micros(total) > 0) report(byPriority, `\`${total}\` says it already`, 'a kubelet takes one of the two')
}
