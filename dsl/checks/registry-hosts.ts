import type { RegistrySpec } from '../plan/cluster-spec.ts'
import type { Check } from './check.ts'

/** K152: two registries at one host. */
export const registryHosts: Check = {
  name: 'registry-hosts',
  codes: ['K152'],
  always: false,
  scenario({ plans, module }, reporter) {
    const told = new Set<number>()
    for (const { cluster } of plans) {
      const seen = new Map<string, RegistrySpec>()
      for (const one of cluster.registries) {
        const before = seen.get(one.host)
        seen.set(one.host, one)
        if (before === undefined || one.span.file !== module.source.path || told.has(one.span.start)) continue
        told.add(one.span.start)
        reporter.report('K152', one.span, `\`${before.name}\` and \`${one.name}\` are both at ${one.host}`, {
          help: 'say where it is: host registry.example.com. A name with a dot is a host, any other is Docker Hub',
        })
      }
    }
  },
}
