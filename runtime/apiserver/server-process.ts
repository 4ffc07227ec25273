import admissionJson from '../../api/schema/data/admission-plugins.json' with { type: 'json' }
import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { Row } from '../etcd/etcd.ts'
import type { OrderedTable } from '../etcd/ordered-table.ts'
import { objectKey } from '../etcd/start-state.ts'
import { createCustomScheme, definitionKind, storedCustom, withDefinitions } from './custom-resources/custom-scheme.ts'
import { createAdmission } from './admission/admit.ts'
import { createAuthenticator } from './authenticate.ts'
import { allow, createAuthorizerChain } from './authorize/authorizer.ts'
import { createNodeAuthorizer } from './authorize/node-authorizer.ts'
import { createRbacAuthorizer } from './authorize/rbac-authorizer.ts'
import { createRbacRules } from './authorize/rbac-rules.ts'
import type { ApiServerOptions } from './create-api-server.ts'
import { deriveManagers } from './derive-managers.ts'
import { ledgerOf } from './managed-fields-ledger.ts'
import { createImpersonator } from './impersonate.ts'
import type { Pipeline } from './serve-request.ts'
import type { ServerContext } from './server-context.ts'
import { createClock } from './timestamps.ts'
import { createUids } from './uids.ts'
import type { UserInfo } from './user-info.ts'
import { createWatchCache, type WatchCache } from './watch-cache.ts'

/** The memory of one run of a server: gone with it. */
export interface ServerProcess {
  readonly pipeline: Pipeline
  close(): void
}

interface Lookup {
  readonly rows: OrderedTable<Row>
  readonly version: number
  readonly found: readonly KubeObject[]
}

/** Resources that are stored under another version than the one by which they may be served. */
const storedAs: Readonly<Record<string, string>> = {
  'events.k8s.io/v1/Event': 'v1/Event',
  'autoscaling/v1/HorizontalPodAutoscaler': 'autoscaling/v2/HorizontalPodAutoscaler',
}

const admissionOrder = (
  admissionJson as { readonly all: readonly { readonly name: string; readonly default: boolean }[] }
).all

const nothing: readonly KubeObject[] = Object.freeze([])

export const createProcess = (options: ApiServerOptions): ServerProcess => {
  const { kernel, etcd } = options
  const actor = kernel.actor(options.name)
  const settings = options.options ?? {}
  const caches = new Map<string, WatchCache>()
  /** What `lookupAll` found, until the cache changes: few of what admission looks at ever do. */
  const lists = new Map<string, Lookup>()
  const builtin: Scheme = options.scheme
  const definitions = builtin.byKind(definitionKind)
  const issued = new Map<string, UserInfo>()
  let tokens = 0

  const ledger = ledgerOf(etcd, (object, note, before) =>
    deriveManagers(withDefinitions(builtin, etcd), object, note, before),
  )

  const cache = (resource: Resource): WatchCache => {
    let known = caches.get(resource.etcdPrefix)
    if (known === undefined) {
      known = createWatchCache({ kernel, actor, etcd, resource, delay: options.watchDelay, gone: ledger.carry })
      caches.set(resource.etcdPrefix, known)
    }
    return known
  }

  const customs =
    definitions === undefined
      ? undefined
      : createCustomScheme(
          builtin,
          () => cache(definitions).rows(),
          () => cache(definitions).changes,
        )
  const scheme = (): Scheme => customs?.current() ?? builtin

  const stored = (resource: Resource): Resource => {
    if (resource.custom !== undefined) return storedCustom(resource)
    const other = storedAs[resource.id]
    return other === undefined ? resource : (builtin.byKind(other) ?? resource)
  }

  const enabled = admissionOrder
    .filter(
      (plugin) =>
        (plugin.default || settings.enableAdmission?.includes(plugin.name) === true) &&
        settings.disableAdmission?.includes(plugin.name) !== true,
    )
    .map((plugin) => plugin.name)

  const bearer = (token: string): UserInfo | undefined => settings.tokens?.get(token) ?? issued.get(token)
  const context: ServerContext = {
    kernel,
    actor,
    etcd,
    clock: createClock(kernel),
    ledger,
    settings: {
      admission: enabled,
      heartbeats: settings.heartbeats,
      webhooks: settings.webhooks,
      aggregated: settings.aggregated,
      containerLogs: settings.containerLogs,
      serviceRange: settings.serviceRange ?? '10.96.0.0/16',
      identify: settings.identify,
      features: options.features ?? {},
    },
    scheme,
    uid: createUids(kernel),
    stored,
    cache,
    lookup(kind, namespace, name) {
      const resource = scheme().byKind(kind)
      return resource === undefined ? undefined : cache(resource).get(objectKey(resource, namespace, name))
    },
    lookupAll(kind, namespace) {
      const resource = scheme().byKind(kind)
      if (resource === undefined) return nothing
      const rows = cache(resource).rows()
      const id = namespace === undefined ? resource.id : `${resource.id}/${namespace}`
      const known = lists.get(id)
      if (known !== undefined && known.rows === rows && known.version === rows.version) return known.found
      const found: KubeObject[] = []
      rows.scan(namespace === undefined ? '' : `${namespace}/`, '', (row) => {
        found.push(row.value)
      })
      lists.set(id, { rows, version: rows.version, found })
      return found
    },
    bearer,
    rulesFor: (user, namespace) => rules.grantsFor(user, namespace).map((grant) => grant.rules),
    issueToken(user) {
      tokens += 1
      const token = `kscn-token-${tokens}`
      issued.set(token, user)
      return token
    },
  }
  const rules = createRbacRules(context)
  const authorize =
    settings.alwaysAllow === true
      ? () => allow('')
      : createAuthorizerChain([createNodeAuthorizer(context), createRbacAuthorizer(rules)])
  const pipeline: Pipeline = {
    context,
    authenticate: createAuthenticator(bearer),
    authorize,
    impersonate: createImpersonator(authorize),
    admission: createAdmission(enabled, authorize),
  }
  return {
    pipeline,
    close() {
      for (const one of caches.values()) one.close()
      caches.clear()
    },
  }
}
