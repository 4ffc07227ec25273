import type { HttpResponse } from '../http-message.ts'

/** Post-start hooks of kube-apiserver v1.36 with its default flags, in the order in which they report. */
const hooks = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'peer-endpoint-reconciler-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'storage-readiness',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
].map((name) => `poststarthook/${name}`)
const late = [
  'autoregister-completion',
  'poststarthook/apiservice-openapi-controller',
  'poststarthook/apiservice-openapiv3-controller',
]

const checks: Readonly<Record<string, readonly string[]>> = {
  healthz: ['ping', 'log', 'loopback-serving-certificate', 'etcd', ...hooks, ...late],
  livez: ['ping', 'log', 'loopback-serving-certificate', 'etcd', ...hooks, ...late],
  readyz: ['ping', 'log', 'etcd', 'etcd-readiness', 'informer-sync', ...hooks, ...late, 'shutdown'],
}

export const healthPaths: readonly string[] = Object.entries(checks).flatMap(([root, names]) => [
  `/${root}`,
  ...names.map((name) => `/${root}/${name}`),
])

const text = (code: number, body: string): HttpResponse => ({
  code,
  text: body,
  warnings: [],
  headers: { 'X-Content-Type-Options': 'nosniff' },
})

/** k8s.io/apiserver/pkg/server/healthz: `/healthz`, `/livez`, `/readyz` and each single check. undefined: no such path. */
export const healthResponse = (
  path: string,
  query: (name: string) => readonly string[],
  etcdAnswers: boolean,
): HttpResponse | undefined => {
  const [, root = '', ...rest] = path.split('/')
  const names = checks[root]
  if (names === undefined) return undefined
  const single = rest.join('/')
  const failed = (name: string): boolean => !etcdAnswers && (name === 'etcd' || name === 'etcd-readiness')
  if (single !== '') {
    if (!names.includes(single)) return undefined
    return failed(single)
      ? text(500, `internal server error: ${single} failed: error getting data from etcd\n`)
      : text(200, 'ok')
  }
  const excluded = query('exclude')
  const run = names.filter((name) => !excluded.includes(name))
  const lines = names.map((name) =>
    excluded.includes(name)
      ? `[+]${name} excluded: ok`
      : failed(name)
        ? `[-]${name} failed: reason withheld`
        : `[+]${name} ok`,
  )
  const unknown = excluded.filter((name) => !names.includes(name))
  if (unknown.length > 0) {
    const list = unknown.map((name) => `"${name}"`).join(',')
    lines.push(`warn: some health checks cannot be excluded: no matches for ${list}`)
  }
  if (run.some(failed)) return text(500, `${lines.join('\n')}\n${root} check failed\n`)
  return text(200, query('verbose').length > 0 ? `${lines.join('\n')}\n${root} check passed\n` : 'ok')
}
