import { impossibleMachine, impossibleName } from '../checks/impossible-pool.ts'
import { grouped } from '../diagnostics/grouped.ts'
import { canonicalQuantity } from '../../api/quantity/canonical-quantity.ts'
import { isZeroQuantity, signOfQuantity } from '../../api/quantity/compare-quantities.ts'
import { quantityOf } from '../../api/quantity/parse-quantity.ts'
import { subtractQuantities } from '../../api/quantity/quantity-arithmetic.ts'
import { wholeValue } from '../../api/quantity/quantity-values.ts'
import type { Duration, NodeRuntime, NodeSpec, PoolSpec } from '../plan/cluster-spec.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import {
  durationSetting,
  countSetting,
  oneValue,
  quantitySetting,
  settingItems,
  settingText,
  unknownSetting,
} from './setting-value.ts'
import { runtimeOf } from './runtime.ts'
import { parseTaint } from './taint.ts'

export interface NodeDraft {
  readonly capacity: Readonly<Record<string, string>>
  readonly reserved: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly taints: NodeSpec['taints']
  readonly images: readonly string[]
  readonly boot: Duration
  readonly bandwidth: number
  readonly os: string
  readonly arch: string
  readonly runtime: NodeRuntime | undefined
  readonly numaNodes: number | undefined
}

export interface PoolDraft {
  readonly name: string
  readonly count: number
  /** Of an autoscaled pool. */
  readonly limits: { readonly min: number; readonly max: number } | undefined
  /** Machines that the cloud gives at most. */
  readonly quota: number | undefined
  readonly zones: readonly string[]
  readonly node: NodeDraft
  /** What differs on one node, by its name. */
  readonly own: ReadonlyMap<string, ast.Props>
  readonly overrides: ReadonlyMap<string, NodeDraft>
}

const second = 1_000_000

export const newPool = (name: string): PoolDraft => ({
  name,
  count: 0,
  limits: undefined,
  quota: undefined,
  zones: [],
  node: {
    capacity: { cpu: '4', memory: '16Gi', 'ephemeral-storage': '100Gi', pods: '110' },
    reserved: {},
    labels: {},
    taints: [],
    images: [],
    boot: { base: 40 * second, spread: 0 },
    bandwidth: 100 * 1024 * 1024,
    os: 'linux',
    arch: 'amd64',
    runtime: undefined,
    numaNodes: undefined,
  },
  own: new Map(),
  overrides: new Map(),
})

const resources = ['cpu', 'memory', 'ephemeral-storage', 'pods'] as const
const nodeKeys = [
  ...resources,
  'resource',
  'reserved',
  'label',
  'taint',
  'images',
  'boot',
  'bandwidth',
  'os',
  'arch',
  'runtime',
  'numa-nodes',
] as const
const poolKeys = [...nodeKeys, 'zones', 'quota', 'node'] as const

/** As many ranges of 256 addresses as the pods of a cluster have, one for each node (podCidrOf). */
export const mostNodes = 32_768
/** topologymanager: defaultMaxAllowableNUMANodes */
const numaSizes = { least: 1, most: 8, what: 'NUMA nodes' } as const
const poolSizes = { least: 0, most: mostNodes, what: 'nodes' } as const

/** `pool NAME N { … }`; a pool that is there already keeps what is not said again. */
export const applyPool = (prop: ast.Prop, size: ast.PropValue | undefined, pool: PoolDraft, env: Env): PoolDraft => {
  let { count, zones, node, limits, quota } = pool
  const own = new Map(pool.own)
  const overrides = new Map(pool.overrides)
  if (size !== undefined) {
    const text = settingText(size, env)
    const range = /^(\d+)\.\.(\d+)$/.exec(text.text)
    if (range !== null) {
      limits = { min: Number(range[1]), max: Number(range[2]) }
      count = limits.min
      if (limits.max > poolSizes.most)
        env.reporter.report('K107', size.span, `${grouped(limits.max)} nodes cannot be simulated`, {
          help: `${grouped(poolSizes.most)} are the most`,
        })
      if (limits.min > limits.max) env.reporter.report('K107', size.span, `\`${text.text}\` ends before it begins`)
    } else count = countSetting(size, poolSizes, env) ?? count
  }
  const [named, , extra] = prop.args
  if (named !== undefined && size !== undefined) impossibleName(pool.name, named.span, env.reporter)
  if (extra !== undefined) env.reporter.report('K133', extra.span, '`pool` takes a name and a number')
  for (const one of prop.props?.items ?? []) {
    if (one.name.name === 'zones') {
      zones = settingItems(one.args).map((value) => settingText(value, env, 'any').text)
      if (zones.length === 0) env.reporter.report('K133', one.span, '`zones` wants names', { help: 'zones [a, b, c]' })
    } else if (one.name.name === 'quota') {
      const value = oneValue(one, env)
      if (value !== undefined) quota = countSetting(value, poolSizes, env)
    } else if (one.name.name === 'node') {
      const name = one.args[0]
      if (name === undefined || one.props === null)
        env.reporter.report('K133', one.span, '`node` wants a name and braces', {
          help: `node ${pool.name}-0 { label k=v }`,
        })
      else own.set(settingText(name, env, 'any').text, one.props)
    } else node = applyNode(one, node, 'pool', env)
  }
  impossibleMachine(node, prop.props, env.reporter)
  for (const [name, props] of own) {
    const index = new RegExp(`^${pool.name}-(\\d+)$`).exec(name)?.[1]
    if (index === undefined || Number(index) >= count)
      env.reporter.report('K105', props.span, `pool \`${pool.name}\` has no node \`${name}\``)
    const override = props.items.reduce((draft, one) => applyNode(one, draft, 'node', env), node)
    impossibleMachine(override, props, env.reporter)
    overrides.set(name, override)
  }
  if (limits?.max === 0 && limits.min === 0 && size !== undefined)
    env.reporter.report('K150', size.span, `\`pool ${pool.name}\` grows up to no node at all`, {
      help: `pool ${pool.name} 0..3 { … }`,
    })
  if (quota !== undefined && limits !== undefined && quota < limits.min)
    env.reporter.report(
      'K150',
      (prop.props?.items.find((one) => one.name.name === 'quota') ?? prop).span,
      `the cloud gives ${quota} machines and \`pool ${pool.name}\` has at least ${limits.min}`,
      { help: `a quota of ${limits.min} or more, or \`pool ${pool.name} ${quota}..${limits.max}\`` },
    )
  if (quota !== undefined && limits === undefined)
    env.reporter.report(
      'K133',
      prop.span,
      `\`quota\` needs an autoscaled pool: \`pool ${pool.name}\` has a fixed size`,
      {
        help: `pool ${pool.name} ${count}..${Math.max(count, quota) + 1} { … }`,
      },
    )
  return { name: pool.name, count, limits, quota, zones, node, own, overrides }
}

const applyNode = (prop: ast.Prop, node: NodeDraft, block: string, env: Env): NodeDraft => {
  const key = prop.name.name
  if ((resources as readonly string[]).includes(key)) {
    const value = oneValue(prop, env)
    const quantity = value === undefined ? undefined : quantitySetting(value, env)
    return quantity === undefined ? node : { ...node, capacity: { ...node.capacity, [key]: quantity } }
  }
  switch (key as (typeof nodeKeys)[number]) {
    case 'resource': {
      const [name, amount] = prop.args
      if (name === undefined || amount === undefined) {
        env.reporter.report('K133', prop.span, '`resource` wants a name and an amount', {
          help: 'resource nvidia.com/gpu 4',
        })
        return node
      }
      const quantity = quantitySetting(amount, env)
      return quantity === undefined
        ? node
        : { ...node, capacity: { ...node.capacity, [settingText(name, env, 'any').text]: quantity } }
    }
    case 'reserved':
      return { ...node, reserved: { ...node.reserved, ...reservedOf(prop, env) } }
    case 'label': {
      const labels: Record<string, string> = { ...node.labels }
      for (const one of prop.args) {
        const { text, span } = settingText(one, env, 'any')
        const at = text.indexOf('=')
        if (at <= 0) env.reporter.report('K117', span, `\`${text}\` is no key=value`)
        else labels[text.slice(0, at)] = text.slice(at + 1)
      }
      return { ...node, labels }
    }
    case 'taint': {
      const taints = prop.args.flatMap((one) => {
        const { text, span } = settingText(one, env, 'any')
        const taint = parseTaint(text, span, env, false)
        return taint === undefined ? [] : [{ key: taint.key, value: taint.value, effect: taint.effect }]
      })
      return { ...node, taints: [...node.taints, ...taints] }
    }
    case 'images':
      return {
        ...node,
        images: [...node.images, ...settingItems(prop.args).map((one) => settingText(one, env, 'any').text)],
      }
    case 'boot': {
      const value = oneValue(prop, env)
      return { ...node, boot: (value === undefined ? undefined : durationSetting(value, env)) ?? node.boot }
    }
    case 'bandwidth': {
      const value = oneValue(prop, env)
      return value === undefined ? node : { ...node, bandwidth: wholeValue(quantitySetting(value, env) ?? '0') }
    }
    case 'os':
    case 'arch': {
      const value = oneValue(prop, env)
      return value === undefined ? node : { ...node, [key]: settingText(value, env, 'any').text }
    }
    case 'numa-nodes': {
      const value = oneValue(prop, env)
      return value === undefined ? node : { ...node, numaNodes: countSetting(value, numaSizes, env) ?? node.numaNodes }
    }
    case 'runtime':
      return { ...node, runtime: runtimeOf(prop, env) ?? node.runtime }
    default: {
      const meant = unknownSetting(prop, block, block === 'pool' ? poolKeys : nodeKeys, env)
      return meant === undefined || ['zones', 'quota', 'node'].includes(meant.name.name)
        ? node
        : applyNode(meant, node, block, env)
    }
  }
}

/** `reserved cpu 100m`, `reserved { cpu 100m, memory 200Mi }` */
const reservedOf = (prop: ast.Prop, env: Env): Readonly<Record<string, string>> => {
  const out: Record<string, string> = {}
  const put = (name: string, value: ast.PropValue | undefined, at: ast.Prop): void => {
    if (!(resources as readonly string[]).includes(name))
      unknownSetting({ ...at, name: { name, span: at.span } }, 'reserved', resources, env)
    else if (value === undefined) env.reporter.report('K133', at.span, `\`${name}\` wants an amount`)
    else {
      const quantity = quantitySetting(value, env)
      if (quantity !== undefined) out[name] = quantity
    }
  }
  const name = prop.args[0]
  if (name !== undefined) put(settingText(name, env, 'any').text, prop.args[1], prop)
  for (const one of prop.props?.items ?? []) put(one.name.name, one.args[0], one)
  return out
}

const minus = (capacity: string, reserved: string | undefined): string => {
  if (reserved === undefined) return capacity
  const left = subtractQuantities(quantityOf(capacity), quantityOf(reserved))
  return isZeroQuantity(left) || signOfQuantity(left) < 0 ? '0' : canonicalQuantity(left)
}

interface Placed {
  readonly name: string
  readonly zone: string | undefined
}

const nodeSpec = (pool: PoolDraft, at: Placed, images: readonly string[]): NodeSpec => {
  const draft = pool.overrides.get(at.name) ?? pool.node
  const allocatable: Record<string, string> = {}
  for (const [resource, amount] of Object.entries(draft.capacity))
    allocatable[resource] = minus(amount, draft.reserved[resource])
  return {
    name: at.name,
    pool: pool.name,
    capacity: draft.capacity,
    allocatable,
    labels: {
      'kubernetes.io/arch': draft.arch,
      'kubernetes.io/hostname': at.name,
      'kubernetes.io/os': draft.os,
      pool: pool.name,
      ...(at.zone === undefined ? {} : { 'topology.kubernetes.io/zone': at.zone }),
      ...draft.labels,
    },
    taints: draft.taints,
    images: [...new Set([...images, ...draft.images])],
    boot: draft.boot,
    bandwidth: draft.bandwidth,
    os: draft.os,
    arch: draft.arch,
    ...(draft.numaNodes === undefined ? {} : { numaNodes: draft.numaNodes }),
    ...(draft.runtime === undefined ? {} : { runtime: draft.runtime }),
  }
}

const zoneOf = (pool: PoolDraft, index: number): string | undefined =>
  pool.zones.length === 0 ? undefined : pool.zones[index % pool.zones.length]

export const unrollPool = (pool: PoolDraft, images: readonly string[]): readonly NodeSpec[] =>
  Array.from({ length: Math.min(pool.count, poolSizes.most) }, (_, index) =>
    nodeSpec(pool, { name: `${pool.name}-${index}`, zone: zoneOf(pool, index) }, images),
  )

export const poolSpec = (pool: PoolDraft, images: readonly string[]): PoolSpec => ({
  name: pool.name,
  min: pool.limits?.min,
  max: pool.limits?.max,
  ...(pool.quota === undefined ? {} : { quota: pool.quota }),
  template: nodeSpec({ ...pool, overrides: new Map() }, { name: `${pool.name}-<n>`, zone: undefined }, images),
  zones: pool.zones,
})
