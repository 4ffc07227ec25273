import { own } from '../names/own.ts'
import { didYouMean } from '../diagnostics/did-you-mean.ts'
import { grouped } from '../diagnostics/grouped.ts'
import { refuse } from '../checks/unsupported.ts'
import { builtSettings, componentSettings, settingChoices } from '../names/component-settings.ts'
import { isVersion } from '../names/feature-gates.ts'
import { declaredNames, findDeclared } from '../names/module.ts'
import { innerScope } from '../names/scope.ts'
import type { ClusterSpec } from '../plan/cluster-spec.ts'
import type * as ast from '../syntax/ast.ts'
import { withScope, type Env } from './env.ts'
import { lowerCloud, plainCloud } from './cloud.ts'
import { lowerController, lowerStorageClass, scriptPath } from './cluster-blocks.ts'
import { jsonDocuments } from './documents.ts'
import { boundExtenders, lowerExtender } from './extender.ts'
import { lowerFeatures } from './features.ts'
import { applyPool, mostNodes, newPool, poolSpec, unrollPool, type PoolDraft } from './pool.ts'
import {
  choiceSetting,
  durationSetting,
  countSetting,
  integerSetting,
  microsSetting,
  oneValue,
  quantitySetting,
  settingItems,
  settingText,
  unknownSetting,
} from './setting-value.ts'
import { checkCpuManager, checkKubeletSettings } from './kubelet-settings.ts'
import { lowerRegistry } from './registry.ts'
import { lowerWebhook } from './webhook.ts'

type Draft = { -readonly [K in Exclude<keyof ClusterSpec, 'nodes' | 'pools'>]: ClusterSpec[K] } & {
  pools: Map<string, PoolDraft>
  images: readonly string[]
  gates: Map<string, { readonly on: boolean; readonly prop: ast.Prop }>
}

/** 2025-01-01T00:00:00Z */
const defaultClock = 1_735_689_600_000_000
const profiles = ['steady', 'instant', 'noisy'] as const

const networkPlugins = ['bridge', 'calico', 'cilium', 'flannel'] as const

const newDraft = (): Draft => ({
  kubernetes: '1.36',
  profile: 'steady',
  clock: defaultClock,
  namespaces: [],
  systemPods: false,
  network: undefined,
  pools: new Map(),
  images: [],
  gates: new Map(),
  etcd: { members: 1, fsync: undefined },
  apiserver: { replicas: 1, latency: undefined },
  flags: {},
  features: {},
  cloud: undefined,
  storageClasses: [],
  registries: [],
  webhooks: [],
  controllers: [],
  schedulerConfig: undefined,
  schedulerPlugins: undefined,
  extenders: undefined,
  replicas: undefined,
})

const clusterKeys = [
  'kubernetes', 'profile', 'feature', 'namespace', 'images', 'clock', 'system-pods', 'network', 'pool', 'apiserver', 'etcd', 'scheduler',
  'controller-manager', 'kubelet', 'kube-proxy', 'autoscaler', 'cloud', 'cloud-controller-manager', 'storageclass', 'webhook',
  'extender', 'registry', 'controller',
] as const // prettier-ignore

/** The cluster that a scenario runs on: what it names, with what it says differently. */
export const lowerCluster = (node: ast.Cluster | undefined, env: Env): ClusterSpec => {
  const draft = newDraft()
  if (node !== undefined) applyCluster(node, draft, env, [])
  const spec = finish(draft, env)
  if (node !== undefined) checkCpuManager(spec, node, env)
  return spec
}

/** A declaration at top level, checked for itself; nothing uses the result. */
export const checkCluster = (node: ast.Cluster, env: Env): void => {
  const draft = newDraft()
  if (node.from !== null) inherit(node.from, draft, env, [node.name?.name ?? ''])
  if (node.props !== null) applyProps(node.props, draft, env)
  lowerFeatures(draft, env)
}

const applyCluster = (node: ast.Cluster, draft: Draft, env: Env, seen: readonly string[]): void => {
  if (node.name !== null) inherit(node.name, draft, env, seen)
  if (node.from !== null) inherit(node.from, draft, env, seen)
  if (node.props !== null) applyProps(node.props, draft, env)
}

const inherit = (name: ast.Name, draft: Draft, env: Env, seen: readonly string[]): void => {
  const found = findDeclared(env.module, 'clusters', name.name)
  if (found === undefined) {
    const names = declaredNames(env.module, 'clusters')
    env.reporter.report('K105', name.span, `unknown cluster \`${name.name}\``, {
      help:
        didYouMean(name.name, names) ??
        (names.length === 0 ? 'declare it at top level, or import it' : `clusters in sight: ${names.join(', ')}`),
    })
    return
  }
  const key = `${found.module.source.path}:${found.item.name?.name ?? ''}`
  if (seen.includes(key)) {
    env.reporter.report('K121', name.span, `cluster \`${name.name}\` inherits from itself`)
    return
  }
  const home: Env =
    found.module === env.module
      ? withScope(env, innerScope(undefined))
      : { ...env, module: found.module, scope: innerScope(undefined) }
  if (found.item.from !== null) inherit(found.item.from, draft, home, [...seen, key])
  if (found.item.props !== null) applyProps(found.item.props, draft, home)
}

const applyProps = (props: ast.Props, draft: Draft, env: Env): void => {
  for (const prop of props.items) {
    const key = prop.name.name
    if (key === 'pool') applyPoolProp(prop, draft, env)
    else if (own(componentSettings, key) !== undefined) applyComponent(prop, key, draft, env)
    else if (!applyBlock(prop, draft, env)) applySetting(prop, key as (typeof clusterKeys)[number], draft, env)
  }
}

/** Blocks with a name: what is said later of the same name takes its place. */
const applyBlock = (prop: ast.Prop, draft: Draft, env: Env): boolean => {
  switch (prop.name.name) {
    case 'storageclass':
      draft.storageClasses = withNamed(draft.storageClasses, lowerStorageClass(prop, env))
      return true
    case 'registry':
      draft.registries = withNamed(draft.registries, lowerRegistry(prop, env))
      return true
    case 'webhook':
      draft.webhooks = withNamed(draft.webhooks, lowerWebhook(prop, env))
      return true
    case 'extender':
      draft.extenders = withNamed(draft.extenders ?? [], lowerExtender(prop, env))
      return true
    case 'controller':
      draft.controllers = withNamed(draft.controllers, lowerController(prop, env))
      return true
    default:
      return false
  }
}

const withNamed = <T extends { readonly name: string }>(list: readonly T[], one: T | undefined): readonly T[] =>
  one === undefined ? list : [...list.filter((other) => other.name !== one.name), one]

const applySetting = (prop: ast.Prop, key: (typeof clusterKeys)[number], draft: Draft, env: Env): void => {
  if (prop.props !== null && clusterKeys.includes(key) && key !== 'cloud')
    env.reporter.report('K133', prop.props.span, `\`${key}\` takes no braces`)
  switch (key) {
    case 'kubernetes': {
      const value = oneValue(prop, env)
      if (value === undefined) return
      const text = settingText(value, env)
      const minor = /^v?(1\.\d+)(\.\d+)?$/.exec(text.text)?.[1]
      if (minor === undefined || !isVersion(minor)) {
        if (minor !== undefined) refuse('version', text.span, env.reporter)
        else
          env.reporter.report('K107', text.span, `\`${text.text}\` is not a version of Kubernetes`, {
            help: 'such as 1.36',
          })
      }
      if (minor !== undefined) draft.kubernetes = minor
      return
    }
    case 'profile': {
      const value = oneValue(prop, env)
      if (value !== undefined) draft.profile = choiceSetting(value, profiles, env) ?? draft.profile
      return
    }
    case 'feature': {
      const [name, state] = prop.args
      if (name === undefined || state === undefined || prop.args.length > 2) {
        env.reporter.report('K133', prop.span, '`feature` wants a name and `on` or `off`')
        return
      }
      const on = choiceSetting(state, ['on', 'off'], env)
      if (on !== undefined) draft.gates.set(settingText(name, env, 'any').text, { on: on === 'on', prop })
      return
    }
    case 'namespace':
      draft.namespaces = [
        ...new Set([...draft.namespaces, ...settingItems(prop.args).map((one) => settingText(one, env, 'any').text)]),
      ]
      return
    case 'images':
      draft.images = [
        ...new Set([...draft.images, ...settingItems(prop.args).map((one) => settingText(one, env, 'any').text)]),
      ]
      return
    case 'clock': {
      const value = oneValue(prop, env)
      if (value === undefined) return
      const text = settingText(value, env)
      const found = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(text.text) ? Date.parse(text.text) : Number.NaN
      if (Number.isNaN(found))
        env.reporter.report('K107', text.span, `\`${text.text}\` is not an instant`, {
          help: 'written 2025-01-01T00:00:00Z',
        })
      else draft.clock = found * 1000
      return
    }
    case 'network': {
      const value = oneValue(prop, env)
      if (value !== undefined) draft.network = choiceSetting(value, networkPlugins, env) ?? draft.network
      return
    }
    case 'cloud':
      draft.cloud = lowerCloud(prop, draft.cloud, env)
      return
    case 'system-pods': {
      const value = oneValue(prop, env)
      if (value === undefined) return
      draft.systemPods = choiceSetting(value, ['on', 'off'], env) === 'on'

      return
    }
    default:
      unknownSetting(prop, 'cluster', clusterKeys, env)
  }
}

const applyPoolProp = (prop: ast.Prop, draft: Draft, env: Env): void => {
  const [name, size] = prop.args
  if (name === undefined) {
    env.reporter.report('K133', prop.span, '`pool` wants a name', { help: 'pool workers 3 { cpu 2, memory 4Gi }' })
    return
  }
  const poolName = settingText(name, env, 'any').text
  const known = draft.pools.get(poolName)
  if (known === undefined && size === undefined) {
    env.reporter.report('K133', prop.span, `pool \`${poolName}\` wants a number of nodes`, {
      help: `pool ${poolName} 3 { cpu 2, memory 4Gi }`,
    })
    return
  }
  const pool = known ?? newPool(poolName)
  draft.pools.set(poolName, applyPool(prop, size, pool, env))
  const all = [...draft.pools.values()].reduce((sum, one) => sum + (one.limits?.max ?? one.count), 0)
  const own = draft.pools.get(poolName)!
  // A pool that is too large by itself has been reported.
  if (all > mostNodes && (own.limits?.max ?? own.count) <= mostNodes)
    env.reporter.report('K107', prop.span, `${grouped(all)} nodes in all cannot be simulated`, {
      help: `${grouped(mostNodes)} are the most, over all pools: each has 256 pod addresses of its own`,
    })
}

const replicaCounts = {
  apiserver: { least: 1, most: 15, what: 'API servers' },
  etcd: { least: 1, most: 15, what: 'members of etcd' },
  scheduler: { least: 1, most: 15, what: 'schedulers' },
  'controller-manager': { least: 1, most: 15, what: 'controller managers' },
} as const

/** `apiserver { latency 2ms }`, `etcd { members 3 }`, flags by their own names. */
const applyComponent = (prop: ast.Prop, component: string, draft: Draft, env: Env): void => {
  const flags = componentSettings[component] ?? {}
  const settings =
    component === 'apiserver'
      ? ['latency', 'replicas']
      : component === 'etcd'
        ? ['members', 'fsync']
        : component === 'scheduler'
          ? ['config', 'plugin', 'replicas']
          : component === 'controller-manager'
            ? ['replicas']
            : []
  const count = prop.args[0]
  if (count !== undefined && (component === 'apiserver' || component === 'etcd')) {
    const value = countSetting(count, replicaCounts[component], env)
    if (component === 'apiserver') draft.apiserver = { ...draft.apiserver, replicas: value ?? draft.apiserver.replicas }
    else {
      draft.etcd = { ...draft.etcd, members: value ?? draft.etcd.members }
    }
  }
  const elects = component === 'scheduler' || component === 'controller-manager' ? component : undefined
  const replicate = (value: ast.PropValue, name: 'scheduler' | 'controller-manager'): void => {
    draft.replicas = { ...draft.replicas, [name]: countSetting(value, replicaCounts[name], env) ?? 1 }
  }
  if (count !== undefined && elects !== undefined) replicate(count, elects)
  const values: Record<string, string> = { ...draft.flags[component] }
  for (const one of prop.props?.items ?? []) {
    const key = one.name.name
    const kind = own(flags, key)
    if (kind === undefined && !settings.includes(key)) {
      unknownSetting(one, component, [...settings, ...Object.keys(flags)], env)
      continue
    }
    if (key === 'config' && component === 'scheduler') {
      const file = oneValue(one, env)
      if (file?.type === 'string') draft.schedulerConfig = jsonDocuments(file, env)[0] ?? draft.schedulerConfig
      else if (file !== undefined)
        env.reporter.report('K133', file.span, '`config` wants a file in quotes', { help: 'config "profiles.yaml"' })
      continue
    }
    if (key === 'plugin' && component === 'scheduler') {
      const value = oneValue(one, env)
      const file = value === undefined ? '' : scriptPath(value, env)
      if (file === '') continue
      env.scenario.modules.add(file)
      draft.schedulerPlugins = [...new Set([...(draft.schedulerPlugins ?? []), file])]
      continue
    }
    if (kind !== undefined && own(builtSettings, component)?.has(key) !== true) {
      refuse('flag', one.name.span, env.reporter, key)
    }
    const value = oneValue(one, env)
    if (value === undefined) continue
    if (key === 'latency') draft.apiserver = { ...draft.apiserver, latency: microsSetting(value, env) }
    else if (key === 'replicas' && elects !== undefined) replicate(value, elects)
    else if (key === 'replicas')
      draft.apiserver = { ...draft.apiserver, replicas: countSetting(value, replicaCounts.apiserver, env) ?? 1 }
    else if (key === 'members') {
      const members = countSetting(value, replicaCounts.etcd, env) ?? 1
      draft.etcd = { ...draft.etcd, members }
    } else if (key === 'fsync') draft.etcd = { ...draft.etcd, fsync: microsSetting(value, env) }
    else {
      const choices = own(settingChoices, component)?.[key]
      values[key] =
        choices === undefined ? flagText(value, kind ?? 'text', env) : (choiceSetting(value, choices, env) ?? '')
    }
  }
  if (component === 'kubelet' && prop.props !== null) checkKubeletSettings(prop.props, values, env)
  if (Object.keys(values).length > 0) draft.flags = { ...draft.flags, [component]: values }
}

const flagText = (value: ast.PropValue, kind: string, env: Env): string => {
  const text = settingText(value, env, kind === 'text' || kind === 'bool' ? 'any' : []).text
  switch (kind) {
    case 'duration':
      durationSetting(value, env)
      return text
    case 'int':
      integerSetting(value, env)
      return text
    case 'quantity':
      return quantitySetting(value, env) ?? text
    case 'bool': {
      const on = choiceSetting(value, ['on', 'off', 'true', 'false'], env)
      return on === 'on' || on === 'true' ? 'true' : 'false'
    }
    case 'number':
      if (!/^[0-9]+(\.[0-9]+)?$/.test(text)) env.reporter.report('K107', value.span, `\`${text}\` is not a number`)
      return text
    default:
      return text
  }
}

const finish = (draft: Draft, env: Env): ClusterSpec => {
  const { pools, images, gates: _, ...rest } = draft
  const all = [...pools.values()]
  return {
    ...rest,
    ...lowerFeatures(draft, env),
    extenders: boundExtenders(rest, env),
    // An autoscaled pool has its machines from somewhere.
    cloud: rest.cloud ?? (all.some((pool) => pool.limits !== undefined) ? plainCloud : undefined),
    nodes: all.flatMap((pool) => unrollPool(pool, images)),
    pools: all.map((pool) => poolSpec(pool, images)),
  }
}
