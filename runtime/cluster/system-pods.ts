import type { Draft } from '../../api/object.ts'
import type { ClusterSpec } from '../../dsl/plan/cluster-spec.ts'
import { createClient } from '../client/client.ts'
import { startFiber } from '../kernel/fiber.ts'
import { InvariantError } from '../kernel/invariant-error.ts'
import { minute, second, type Micros } from '../kernel/micros.ts'
import { versionOf } from './start-objects.ts'
import type { World } from './world.ts'

/**
 * A cluster with them boots earlier, so that it has settled at t=0: kubelets look again at pods that were not Ready at once, up to 90 s
 * later. No multiple of the period of heartbeats: at t=0 none is under way, written or not.
 */
export const systemPodsBootTime: Micros = 2 * minute + 5 * second

const system = 'kube-system'
const corefile = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`

/** The tenth address of the services' range. */
const dnsAddress = (spec: ClusterSpec): string =>
  (spec.flags['apiserver']?.['service-cluster-ip-range'] ?? '10.96.0.0/16').replace(/\d+\/\d+$/, '10')

const account = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace: system },
})
const binding = (name: string, role: string, of: string): object => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: [{ kind: 'ServiceAccount', name: of, namespace: system }],
})
const configMap = (name: string, data: object, labels?: object): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: system, ...(labels === undefined ? {} : { labels }) },
  data,
})

/** kubeadm's addon kube-proxy (cmd/kubeadm/app/phases/addons/proxy). */
const proxyObjects = (spec: ClusterSpec): readonly object[] => [
  account('kube-proxy'),
  binding('kubeadm:node-proxier', 'system:node-proxier', 'kube-proxy'),
  configMap(
    'kube-proxy',
    { 'config.conf': 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: iptables\n' },
    { app: 'kube-proxy' },
  ),
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'kube-proxy', namespace: system, labels: { 'k8s-app': 'kube-proxy' } },
    spec: {
      selector: { matchLabels: { 'k8s-app': 'kube-proxy' } },
      updateStrategy: { type: 'RollingUpdate' },
      template: {
        metadata: { labels: { 'k8s-app': 'kube-proxy' } },
        spec: {
          priorityClassName: 'system-node-critical',
          hostNetwork: true,
          serviceAccountName: 'kube-proxy',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [{ operator: 'Exists' }],
          volumes: [
            { name: 'kube-proxy', configMap: { name: 'kube-proxy' } },
            { name: 'xtables-lock', hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' } },
            { name: 'lib-modules', hostPath: { path: '/lib/modules' } },
          ],
          containers: [
            {
              name: 'kube-proxy',
              image: `registry.k8s.io/kube-proxy:${versionOf(spec)}`,
              imagePullPolicy: 'IfNotPresent',
              command: [
                '/usr/local/bin/kube-proxy',
                '--config=/var/lib/kube-proxy/config.conf',
                '--hostname-override=$(NODE_NAME)',
              ],
              securityContext: { privileged: true },
              env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
              volumeMounts: [
                { name: 'kube-proxy', mountPath: '/var/lib/kube-proxy' },
                { name: 'xtables-lock', mountPath: '/run/xtables.lock' },
                { name: 'lib-modules', mountPath: '/lib/modules', readOnly: true },
              ],
            },
          ],
        },
      },
    },
  },
]

const dnsPorts = [
  { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
  { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
  { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
]
const dnsLabels = { 'k8s-app': 'kube-dns' }

/** kubeadm's addon CoreDNS (cmd/kubeadm/app/phases/addons/dns). */
const dnsObjects = (spec: ClusterSpec): readonly object[] => [
  account('coredns'),
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'system:coredns' },
    rules: [
      { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
    ],
  },
  binding('system:coredns', 'system:coredns', 'coredns'),
  configMap('coredns', { Corefile: corefile }),
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'coredns', namespace: system, labels: dnsLabels },
    spec: {
      replicas: 2,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      selector: { matchLabels: dnsLabels },
      template: {
        metadata: { labels: dnsLabels },
        spec: {
          priorityClassName: 'system-cluster-critical',
          serviceAccountName: 'coredns',
          dnsPolicy: 'Default',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [
            { key: 'CriticalAddonsOnly', operator: 'Exists' },
            { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
          ],
          affinity: {
            podAntiAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 100,
                  podAffinityTerm: {
                    topologyKey: 'kubernetes.io/hostname',
                    labelSelector: { matchExpressions: [{ key: 'k8s-app', operator: 'In', values: ['kube-dns'] }] },
                  },
                },
              ],
            },
          },
          volumes: [
            { name: 'config-volume', configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] } },
          ],
          containers: [
            {
              name: 'coredns',
              image: 'registry.k8s.io/coredns/coredns:v1.14.2',
              imagePullPolicy: 'IfNotPresent',
              args: ['-conf', '/etc/coredns/Corefile'],
              resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
              volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns', readOnly: true }],
              ports: [
                { name: 'dns', containerPort: 53, protocol: 'UDP' },
                { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
                { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
                { name: 'liveness-probe', containerPort: 8080, protocol: 'TCP' },
                { name: 'readiness-probe', containerPort: 8181, protocol: 'TCP' },
              ],
              livenessProbe: {
                httpGet: { path: '/health', port: 'liveness-probe', scheme: 'HTTP' },
                initialDelaySeconds: 60,
                timeoutSeconds: 5,
                successThreshold: 1,
                failureThreshold: 5,
              },
              readinessProbe: { httpGet: { path: '/ready', port: 'readiness-probe', scheme: 'HTTP' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
                readOnlyRootFilesystem: true,
              },
            },
          ],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kube-dns',
      namespace: system,
      labels: { ...dnsLabels, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
      annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
    },
    spec: { clusterIP: dnsAddress(spec), ports: dnsPorts, selector: dnsLabels },
  },
]

/** `system-pods on`: kubeadm's addons, created through the API as the cluster boots. */
export const startSystemPods = (world: World): void => {
  const { kernel, spec } = world
  if (!spec.systemPods) return
  const actor = kernel.actor('kubeadm')
  const client = createClient({
    transport: world.connect(actor, ['kubeadm']),
    credentials: { kind: 'certificate', commonName: 'kubernetes-admin', organizations: ['system:masters'] },
    userAgent: 'kubeadm',
    scheme: () => world.servers[0]!.server.scheme(),
  })
  function* create(): Generator<Parameters<typeof client.send>[0], void, unknown> {
    for (const object of [...dnsObjects(spec), ...proxyObjects(spec)]) {
      const answer = yield* client.create(object as Draft)
      if (!answer.ok) throw new InvariantError('cluster', 'a system pod was refused', { message: answer.message })
    }
  }
  kernel.at(kernel.now, actor, () => {
    startFiber(create(), { perform: (request, resume) => client.send(request, resume) })
  })
}
