import { nearest } from '../diagnostics/did-you-mean.ts'
import type { Reporter } from '../diagnostics/report.ts'
import type { ClusterSpec } from '../plan/cluster-spec.ts'
import type { Noun } from '../plan/expression.ts'
import type { ScenarioPlan } from '../plan/plan.ts'
import type { Module } from '../names/module.ts'
import { partOf } from './part-of.ts'
import type { Check } from './check.ts'
import { eachOperation, fieldsOf, nounsOf, plainEqualities, plainName } from './walk-plan.ts'

/** K129: a node, zone, pool, registry or replica that the cluster does not start with. It may come later, so this is a warning. */
export const notInCluster: Check = {
  name: 'not-in-cluster',
  codes: ['K129'],
  always: false,
  scenario({ plans, module }, reporter) {
    for (const plan of plans) {
      if (grows(plan)) continue
      const there = namesOf(plan.cluster)
      eachOperation(plan.body, (operation) => {
        for (const noun of nounsOf(operation)) look(noun, there, { reporter, module })
      })
    }
  },
}

/** Whether nodes can come during the run. */
const grows = ({ cluster, body }: ScenarioPlan): boolean => {
  let answer = cluster.pools.some((pool) => pool.max !== undefined)
  eachOperation(body, (operation) => {
    if (operation.kind === 'external' || operation.kind === 'plan') answer = true
    if (operation.kind !== 'step') return
    const { step } = operation
    if (step.verb === 'scale' && step.target.resource === 'pool') answer = true
    if ('documents' in step && step.documents.some((one) => fieldsOf(one.value)['kind'] === 'Node')) answer = true
  })
  return answer
}

interface Names {
  readonly nodes: readonly string[]
  readonly zones: readonly string[]
  readonly pools: readonly string[]
  readonly registries: readonly string[]
  readonly apiservers: number
  readonly etcds: number
}

const zoneLabel = 'topology.kubernetes.io/zone'

const namesOf = (cluster: ClusterSpec): Names => ({
  nodes: cluster.nodes.map((one) => one.name),
  zones: [...new Set(cluster.nodes.flatMap((one) => one.labels[zoneLabel] ?? []))],
  pools: cluster.pools.map((one) => one.name),
  registries: [...new Set(cluster.registries.flatMap((one) => [one.name, one.host]))],
  apiservers: cluster.apiserver.replicas,
  etcds: cluster.etcd.members,
})

interface Place {
  readonly reporter: Reporter
  readonly module: Module
}

const look = (noun: Noun, there: Names, { reporter, module }: Place): void => {
  const missing = (what: string, name: string, names: readonly string[], all: string): void => {
    if (names.includes(name)) return
    const best = nearest(name, names)
    reporter.report('K129', partOf(noun, name, module), `the cluster starts without a ${what} \`${name}\``, {
      severity: 'warning',
      help:
        best !== undefined
          ? `did you mean \`${best}\`?`
          : names.length === 0
            ? `it has no ${all}${what === 'node' ? ': pool workers 3 { cpu 2, memory 4Gi } gives it some' : what === 'registry' ? ': say the host, such as registry/docker.io' : ''}`
            : `its ${all}: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}`,
    })
  }
  const name = plainName(noun)
  switch (noun.resource) {
    case 'nodes':
    case 'kubelet':
    case 'kube-proxy':
      if (name !== undefined) missing('node', name, there.nodes, 'nodes')
      for (const [key, value] of plainEqualities(noun)) {
        if (key === 'pool') missing('pool', value, there.pools, 'pools')
        if (key === 'zone' || key === zoneLabel) missing('zone', value, there.zones, 'zones')
        if (key === 'hostname' || key === 'kubernetes.io/hostname') missing('node', value, there.nodes, 'nodes')
      }
      break
    case 'zones':
      if (name !== undefined) missing('zone', name, there.zones, 'zones')
      break
    case 'pool':
      if (name !== undefined) missing('pool', name, there.pools, 'pools')
      break
    case 'registry':
      // A host is one wherever it is; another word is the name of a block.
      if (name !== undefined && !/[.:*]/.test(name) && name !== 'localhost')
        missing('registry', name, there.registries, 'registries')
      break
    case 'apiserver':
    case 'etcd': {
      const count = noun.resource === 'etcd' ? there.etcds : there.apiservers
      const names = Array.from({ length: count }, (_, n) => `${n}`)
      if (name !== undefined && /^\d+$/.test(name))
        missing(noun.resource, name, names, noun.resource === 'etcd' ? 'members' : 'servers')
      break
    }
    default:
      break
  }
}
