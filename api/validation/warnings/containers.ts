import { goQuote } from '../../names/go-quote.ts'
import { child, list, number, text, type View } from '../view.ts'
import { fractionalWarning } from './fractional.ts'

export interface PlacedContainer {
  readonly container: View
  readonly path: string
}

/** pods.VisitContainersWithPath */
export const containersOf = (spec: View, path: string): readonly PlacedContainer[] =>
  ['initContainers', 'containers', 'ephemeralContainers'].flatMap((field) =>
    list(spec, field).map((container, i) => ({ container, path: `${path}.${field}[${i}]` })),
  )

/** Environment variables that hide an earlier one of their name. */
const envWarnings = ({ container, path }: PlacedContainer): readonly string[] => {
  const variables = list(container, 'env')
  if (variables.length < 2) return []
  const warnings: string[] = []
  const seen = new Set<string>()
  for (const [i, variable] of variables.entries()) {
    const name = text(variable, 'name')
    if (!seen.has(name)) {
      seen.add(name)
      continue
    }
    const reference = `$(${name})`
    const value = text(variable, 'value')
    if (child(variable, 'valueFrom') !== undefined || value === reference || !value.includes(reference)) {
      warnings.push(
        `${path}.env[${i}]: hides previous definition of ${goQuote(name)}, which may be dropped when using apply`,
      )
    }
  }
  return warnings
}

const byteResources = ['memory', 'ephemeral-storage']

/** What warningsForPodSpecAndMeta says of one container, but for its annotations. */
export const containerWarnings = (placed: PlacedContainer): readonly string[] => {
  const resources = child(placed.container, 'resources')
  const warnings: string[] = []
  if (resources !== undefined) {
    for (const resource of byteResources) {
      for (const field of ['limits', 'requests']) {
        warnings.push(...fractionalWarning(child(resources, field), resource, `${placed.path}.resources.${field}`))
      }
    }
  }
  warnings.push(...envWarnings(placed))
  return warnings
}

interface PlacedPort {
  readonly path: string
  readonly hostIp: string
  readonly hostPort: number
}

const portText = (port: View): string =>
  `{Name:${text(port, 'name')} HostPort:${number(port, 'hostPort')} ContainerPort:${number(port, 'containerPort')} Protocol:${text(port, 'protocol')} HostIP:${text(port, 'hostIP')}}`

const between = (port: PlacedPort, other: PlacedPort): string | undefined => {
  if (port.hostIp === other.hostIp && port.hostPort === other.hostPort) {
    return `${port.path}: duplicate port definition with ${other.path}`
  }
  if (port.hostPort === 0 || other.hostPort === 0) {
    return `${port.path}: overlapping port definition with ${other.path}`
  }
  if (port.hostPort === other.hostPort && (port.hostIp === '') !== (other.hostIp === '')) {
    return `${port.path}: dangerously ambiguous port definition with ${other.path}`
  }
  return undefined
}

/** Ports that another container of the pod has too. */
export const portWarnings = (containers: readonly PlacedContainer[]): readonly string[] => {
  const warnings: string[] = []
  const seen = new Map<string, PlacedPort[]>()
  for (const { container, path } of containers) {
    for (const [i, port] of list(container, 'ports').entries()) {
      const one = { path: `${path}.ports[${i}]`, hostIp: text(port, 'hostIP'), hostPort: number(port, 'hostPort') }
      if (one.hostIp !== '' && one.hostPort === 0) {
        warnings.push(`${one.path}: hostIP set without hostPort: ${portText(port)}`)
      }
      const key = `${number(port, 'containerPort')}/${text(port, 'protocol')}`
      const others = seen.get(key) ?? []
      for (const other of others) {
        const warning = between(one, other)
        if (warning !== undefined) warnings.push(warning)
      }
      seen.set(key, [...others, one])
    }
  }
  const names = new Map<string, string>()
  for (const { container, path } of containers) {
    for (const [i, port] of list(container, 'ports').entries()) {
      const name = text(port, 'name')
      if (name === '') continue
      const here = `${path}.ports[${i}]`
      const other = names.get(name)
      if (other === undefined) names.set(name, here)
      else {
        warnings.push(
          `${here}: duplicate port name ${goQuote(name)} with ${other}, services and probes that select ports by name will use ${other}`,
        )
      }
    }
  }
  return warnings
}
