import { basename } from 'node:path'
import type { Service } from '../../../api/types/core-v1.generated.ts'
import type { EndpointSlice } from '../../../api/types/discovery-v1.generated.ts'
import { evaluateConnection, type NodeView } from '../../../runtime/kube-proxy/evaluate-connection.ts'
import { iptablesText } from '../../../runtime/kube-proxy/iptables-text.ts'
import { proxyConfig } from '../../../runtime/kube-proxy/proxy-config.ts'
import { createRuleTable } from '../../../runtime/kube-proxy/rule-table.ts'
import type { Area, ConformanceCase } from '../area.ts'
import { caseFiles, readLines } from '../read-cases.ts'

interface Recorded {
  readonly id: string
  readonly nodes: readonly {
    readonly name: string
    readonly ip: string
    readonly podCIDR: string
    readonly zone?: string
  }[]
  readonly services: readonly Service[]
  readonly endpointSlices: readonly EndpointSlice[] | null
  readonly results: readonly RecordedResult[]
  readonly iptables?: Readonly<Record<string, string>>
}

interface RecordedResult {
  readonly node: string
  readonly client: 'pod' | 'node' | 'external'
  readonly source: string
  /** `web/http`: the service and port that the destination belongs to. */
  readonly service: string
  readonly via: string
  readonly destination: string
  readonly protocol: string
  readonly verdict: string
  readonly endpoints?: readonly {
    readonly endpoint: string
    readonly probability: number
    readonly masquerade: boolean
  }[]
  readonly affinitySeconds?: number
}

const settled = (recorded: Recorded): ReadonlyMap<string, NodeView> => {
  const answer = proxyConfig({})
  if (!answer.ok) throw new Error(answer.message)
  const slicesOf = (service: Service): readonly EndpointSlice[] =>
    (recorded.endpointSlices ?? []).filter(
      (slice) =>
        slice.metadata.namespace === service.metadata.namespace &&
        slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name,
    )
  return new Map(
    recorded.nodes.map(({ name, ip, zone = '' }) => {
      const table = createRuleTable('IPv4')
      for (const service of recorded.services) {
        const input = { service, slices: slicesOf(service), place: { nodeName: name, zone } }
        table.rebuild(`${service.metadata.namespace}/${service.metadata.name}`, input)
      }
      return [name, { table, config: answer.config, addresses: [ip], nodeIP: ip }]
    }),
  )
}

const given = (nodes: ReadonlyMap<string, NodeView>, result: RecordedResult): RecordedResult => {
  const cut = result.destination.lastIndexOf(':')
  const { node, client, source, service, via, destination, protocol } = result
  const asked = { node, client, source, service, via, destination, protocol }
  const outcome = evaluateConnection(nodes.get(node)!, {
    protocol,
    source,
    destination: destination.slice(0, cut),
    port: Number(destination.slice(cut + 1)),
  })
  if (outcome.verdict !== 'forward') return { ...asked, verdict: outcome.verdict }
  const { port } = outcome.rules
  return {
    ...asked,
    service: `${port.service.slice(port.service.indexOf('/') + 1)}/${port.portName}`,
    via: outcome.via,
    verdict: 'forward',
    endpoints: outcome.backends.map((one) => ({ ...one, probability: Math.round(one.probability * 10_000) / 10_000 })),
    ...(outcome.affinitySeconds === undefined ? {} : { affinitySeconds: outcome.affinitySeconds }),
  }
}

const ordered = (value: RecordedResult): string =>
  JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))))

const judge = (recorded: Recorded): string | undefined => {
  const nodes = settled(recorded)
  const lines: string[] = []
  for (const result of recorded.results) {
    const [expected, actual] = [ordered(result), ordered(given(nodes, result))]
    if (expected !== actual) lines.push(`- ${expected}`, `+ ${actual}`)
  }
  for (const [name, text] of Object.entries(recorded.iptables ?? {})) {
    const expected = text.split('\n')
    const actual = iptablesText(nodes.get(name)!).split('\n')
    for (let i = 0; i < Math.max(expected.length, actual.length); i += 1) {
      if (expected[i] !== actual[i])
        lines.push(`${name} iptables ${i + 1}`, `- ${expected[i] ?? ''}`, `+ ${actual[i] ?? ''}`)
    }
  }
  return lines.length === 0 ? undefined : lines.join('\n')
}

export const area: Area = {
  name: 'kube-proxy',
  *cases(folder): Generator<ConformanceCase> {
    for (const path of caseFiles(folder)) {
      for (const line of readLines(path)) {
        const recorded = line as Recorded
        yield { id: recorded.id, file: basename(path), recorded, run: () => judge(recorded) }
      }
    }
  },
}
