// What a Website comes to, as pure functions: they can be tested without a cluster.
import type { KubeObject, Read } from 'kscn/controller'

export interface Website extends KubeObject {
  readonly spec: {
    readonly host: string
    readonly image: string
    readonly replicas: number
    readonly pages: Readonly<Record<string, string>>
  }
  readonly status?: WebsiteStatus
}

export interface WebsiteStatus {
  readonly observedGeneration?: number
  readonly readyReplicas?: number
  readonly phase?: string
  readonly conditions?: readonly Condition[]
}

export interface Condition {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
  readonly lastTransitionTime?: string
}

/** The key of its registered name. */
export const nameOf = ({ metadata }: Website): string => `${metadata.namespace}.${metadata.name}`

/** FNV-1a: what changes when the value does. */
export const checksum = (value: unknown): string => {
  let hash = 0x811c9dc5
  for (const unit of JSON.stringify(value)) hash = Math.imul(hash ^ unit.charCodeAt(0), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

/** Whether two values say the same: the server orders the fields of an object as it likes. */
export const same = (a: unknown, b: unknown): boolean => {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const [left, right] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))]
  return left.length === right.size && left.every(([field, value]) => right.has(field) && same(value, right.get(field)))
}

/** Its children, in the order in which they are made; each carries a checksum of what the operator decides of it. */
export const childrenOf = (site: Website): readonly KubeObject[] => {
  const { name } = site.metadata
  const labels = { 'example.com/website': name }
  const child = (apiVersion: string, type: string, fields: object): KubeObject => ({
    apiVersion,
    kind: type,
    metadata: {
      name,
      namespace: site.metadata.namespace ?? 'default',
      labels,
      annotations: { 'example.com/checksum': checksum(fields) },
    },
    ...fields,
  })
  const pages = child('v1', 'ConfigMap', { data: site.spec.pages })
  return [
    pages,
    child('apps/v1', 'Deployment', {
      spec: {
        replicas: site.spec.replicas,
        selector: { matchLabels: labels },
        template: {
          // New pages are new pods.
          metadata: { labels, annotations: { 'example.com/pages': checksum(site.spec.pages) } },
          spec: {
            containers: [
              {
                name: 'httpd',
                image: site.spec.image,
                ports: [{ containerPort: 80 }],
                volumeMounts: [{ name: 'pages', mountPath: '/usr/local/apache2/htdocs' }],
                readinessProbe: { httpGet: { port: 80, path: '/' }, periodSeconds: 1 },
              },
            ],
            volumes: [{ name: 'pages', configMap: { name } }],
          },
        },
      },
    }),
    child('v1', 'Service', { spec: { selector: labels, ports: [{ port: 80, targetPort: 80 }] } }),
  ]
}

/** How many replicas of its Deployment are ready, as the caches know it. */
export const readyOf = (read: Read<Website>, site: Website): number => {
  const found = read.get<KubeObject & { readonly status?: { readonly readyReplicas?: number } }>(
    'apps/v1/Deployment',
    `${site.metadata.namespace}/${site.metadata.name}`,
  )
  return found?.status?.readyReplicas ?? 0
}

/** Its status, if that is another than the present one: a status that says the same is not written again. */
export const statusOf = (site: Website, readyReplicas: number, now: string): WebsiteStatus | undefined => {
  const { replicas } = site.spec
  const ready = readyReplicas >= replicas
  const before = site.status?.conditions?.find((one) => one.type === 'Ready')
  const condition: Condition = {
    type: 'Ready',
    status: ready ? 'True' : 'False',
    reason: ready ? 'Serving' : 'Starting',
    message: `${readyReplicas} of ${replicas} replicas are ready`,
    lastTransitionTime: before?.status === (ready ? 'True' : 'False') ? (before.lastTransitionTime ?? now) : now,
  }
  const status: WebsiteStatus = {
    observedGeneration: site.metadata.generation ?? 0,
    readyReplicas,
    phase: ready ? 'Serving' : 'Starting',
    conditions: [condition],
  }
  return same(status, site.status) ? undefined : status
}
