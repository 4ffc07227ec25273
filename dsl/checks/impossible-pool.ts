import { isLabelKey, isLabelValue } from '../../api/names/label-names.ts'
import { isDns1123Subdomain } from '../../api/names/dns-names.ts'
import { compareQuantities, isZeroQuantity, signOfQuantity } from '../../api/quantity/compare-quantities.ts'
import { quantityOf } from '../../api/quantity/parse-quantity.ts'
import { milliValue, wholeValue } from '../../api/quantity/quantity-values.ts'
import type { Reporter } from '../diagnostics/report.ts'
import type { Duration } from '../plan/cluster-spec.ts'
import type { Span } from '../source/span.ts'
import type * as ast from '../syntax/ast.ts'

/** A pool, or one node of it, as it has been put together so far. */
export interface MachineSettings {
  readonly capacity: Readonly<Record<string, string>>
  readonly reserved: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly boot: Duration
  readonly bandwidth: number
  readonly numaNodes: number | undefined
}

/** K150: machines that nobody could build, and kubelets that would not start on them. */
export const impossibleMachine = (machine: MachineSettings, props: ast.Props | null, reporter: Reporter): void => {
  const report = (span: Span, message: string, help: string): void => reporter.report('K150', span, message, { help })
  for (const prop of props?.items ?? []) {
    const key = prop.name.name
    if (Object.hasOwn(machine.capacity, key)) amount(key, machine.capacity[key]!, prop.span, report)
    else if (key === 'resource') extended(prop, machine, report)
    else if (key === 'label') labels(prop, report)
    else if (key === 'bandwidth' && machine.bandwidth <= 0)
      report(
        prop.span,
        'without bandwidth no image ever arrives',
        'a slow registry is a fault: inject slow registry/x by 10s',
      )
    else if (key === 'boot' && machine.boot.spread > machine.boot.base)
      report(
        prop.span,
        'a machine cannot be up before it was turned on',
        'the spread is at most the time itself: boot 45s +/- 5s',
      )
  }
  const numa = props?.items.find((prop) => prop.name.name === 'numa-nodes')
  const cores = milliValue(machine.capacity['cpu'] ?? '0') / 1000
  if (numa !== undefined && cores % (machine.numaNodes ?? 1) !== 0)
    report(
      numa.span,
      `${cores} CPUs cannot be spread evenly over ${machine.numaNodes} NUMA nodes`,
      'a multiple of them: cpu 8, numa-nodes 2',
    )
  overReserved(machine, props, report)
}

/** Without the examples and the expression. */
const plainly = (complaint: string): string => complaint.replace(/ \(e\.g\..*$/, '')

type Report = (span: Span, message: string, help: string) => void

/** Less than this is a unit forgotten. */
const leastMemory = 1024 * 1024

const amount = (resource: string, text: string, span: Span, report: Report): void => {
  const quantity = quantityOf(text)
  const example = `${resource} ${resource === 'cpu' ? '2' : resource === 'pods' ? '110' : '4Gi'}`
  if (signOfQuantity(quantity) < 0) report(span, `a machine cannot have less than no ${resource}`, `such as ${example}`)
  else if (isZeroQuantity(quantity) && resource !== 'pods')
    report(span, `a machine without ${resource} runs nothing, not even its kubelet`, `such as ${example}`)
  else if (resource === 'pods' && /[.m]/.test(text))
    report(span, 'pods are counted in whole numbers', `such as ${example}`)
  else if ((resource === 'memory' || resource === 'ephemeral-storage') && wholeValue(text) < leastMemory)
    report(
      span,
      `\`${resource} ${text}\` is ${wholeValue(text)} bytes`,
      `a unit is missing: ${resource} ${text.replace(/\D+$/, '')}Gi`,
    )
}

const native = ['cpu', 'memory', 'ephemeral-storage', 'pods', 'storage']

const extended = (prop: ast.Prop, machine: MachineSettings, report: Report): void => {
  const [value] = prop.args
  const name = value === undefined || !('text' in value) ? '' : value.text
  if (!Object.hasOwn(machine.capacity, name)) return
  const text = machine.capacity[name]!
  const span = prop.span
  if (native.includes(name))
    report(span, `\`${name}\` is a resource of every machine`, `without the word: ${name} ${text}`)
  else if (!name.includes('/') && !name.startsWith('hugepages-'))
    report(
      span,
      `\`${name}\` is no name of a resource: those that Kubernetes does not know have a domain`,
      `resource example.com/${name} ${text}`,
    )
  else if (/\.|[0-9]m$/.test(text) || signOfQuantity(quantityOf(text)) < 0)
    report(
      span,
      `\`${name}\` is counted in whole numbers, and ${text} is none`,
      'a device cannot be shared out in parts',
    )
}

const labels = (prop: ast.Prop, report: Report): void => {
  for (const one of prop.args) {
    if (!('text' in one) || one.text.includes('${')) continue
    const at = one.text.indexOf('=')
    if (at <= 0) continue
    const key = isLabelKey(one.text.slice(0, at))
    const wrong = key.length > 0 ? key : isLabelValue(one.text.slice(at + 1))
    if (wrong.length > 0)
      report(one.span, `no node can have the label \`${one.text}\``, `Kubernetes says: ${plainly(wrong[0]!)}`)
  }
}

/** pkg/kubelet/cm: validateNodeAllocatable, for which the kubelet does not start. */
const overReserved = ({ capacity, reserved }: MachineSettings, props: ast.Props | null, report: Report): void => {
  for (const [resource, kept] of Object.entries(reserved)) {
    const has = capacity[resource]
    if (has === undefined || compareQuantities(quantityOf(kept), quantityOf(has)) <= 0) continue
    const items = props?.items ?? []
    const prop =
      items.findLast((one) => one.name.name === 'reserved') ?? items.find((one) => one.name.name === resource)
    if (prop === undefined) continue
    report(
      prop.span,
      `${kept} of ${resource} are reserved on machines that have ${has}: the kubelet does not start`,
      `reserve at most ${has}, or give the machines more: ${resource} ${kept}`,
    )
  }
}

/** The nodes of a pool are called after it. */
export const impossibleName = (name: string, span: Span, reporter: Reporter): void => {
  const [wrong] = isDns1123Subdomain(`${name}-0`)
  if (wrong !== undefined)
    reporter.report('K150', span, `no node can be called \`${name}-0\`, as the first of this pool would be`, {
      help: /[A-Z_]/.test(name)
        ? `such as ${name.toLowerCase().replaceAll('_', '-')}`
        : `Kubernetes says: ${plainly(wrong)}`,
    })
}
