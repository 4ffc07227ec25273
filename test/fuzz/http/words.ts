/** What the requests of the fuzzer are put together from. */

export const methods: readonly string[] = ['GET', 'GET', 'GET', 'POST', 'POST', 'POST', 'PUT', 'PUT', 'PATCH', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'BREW'] // prettier-ignore

export const plainPaths: readonly string[] = [
  '/', '/api', '/api/v1', '/apis', '/apis/apps', '/apis/apps/v1', '/apis/none.example/v1', '/openapi/v3', '/openapi/v3/api/v1',
  '/openapi/v3/apis/apps/v1', '/openapi/v2', '/version', '/healthz', '/livez', '/readyz', '/readyz/etcd', '/metrics', '/logs',
  '/kscn', '/api/v1/', '//api//v1', '/api/v2/pods', '/apis/apps/v9/deployments', '/api/v1/none', '/favicon.ico', '/api/v1/watch/pods',
  '/api/v1/watch', '/api/v1/namespaces', '/api/v1/namespaces/', '/apis/__proto__/v1/constructor', '/api/v1/__proto__',
] // prettier-ignore

export const names: readonly string[] = ['a', 'b', 'web', 'none', 'A_B', 'x'.repeat(254), '..', '%2e%2e', 'a%2Fb', 'ü', '%ff', '%', '__proto__', 'constructor', '%00', ' '] // prettier-ignore
export const namespaces: readonly string[] = [
  'default',
  'default',
  'default',
  'kube-system',
  'none',
  '__proto__',
  '%20',
  'x'.repeat(64),
]
export const subresources: readonly string[] = ['status', 'scale', 'binding', 'eviction', 'token', 'log', 'exec', 'attach', 'portforward', 'proxy', 'finalize', 'approval', 'ephemeralcontainers', 'resize', 'none', '__proto__'] // prettier-ignore

export const parameters: Readonly<Record<string, readonly string[]>> = {
  labelSelector: ['a=b', 'a in (b,c)', 'a notin (', '!a', 'a', '=', 'a==b,c!=d', 'a=b=c', 'a gt 1', ',,,', '\u0000', 'a in ()', 'x'.repeat(300), '('.repeat(200)], // prettier-ignore
  fieldSelector: ['metadata.name=a', 'spec.nodeName=n', 'none=1', 'metadata.name', '=', 'metadata.name!=a,metadata.namespace=default', 'a\\,b=c', '\\'], // prettier-ignore
  limit: ['1', '0', '-1', '500', 'x', '99999999999999999999', '1e3', ''],
  continue: ['x', 'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhIn0', 'e30', '!!!', 'bnVsbA', 'W10'],
  resourceVersion: ['0', '1', '9999999999999', '-1', 'x', '', '00', '1.5', '18446744073709551616'],
  resourceVersionMatch: ['Exact', 'NotOlderThan', 'x', ''],
  watch: ['true', '1', 'false', 'x', ''],
  allowWatchBookmarks: ['true', 'x'],
  sendInitialEvents: ['true', 'false', 'x'],
  timeoutSeconds: ['1', '0', '-1', 'x', '99999999999'],
  dryRun: ['All', 'none', ''],
  fieldManager: ['m', 'x'.repeat(129), '\u0001', ''],
  fieldValidation: ['Strict', 'Warn', 'Ignore', 'x'],
  force: ['true', 'false', 'x'],
  propagationPolicy: ['Foreground', 'Background', 'Orphan', 'x'],
  gracePeriodSeconds: ['0', '5', '-1', 'x'],
  orphanDependents: ['true', 'x'],
  pretty: ['true', '0'],
  includeObject: ['Object', 'None', 'x'],
  container: ['a', ''],
  tailLines: ['1', '-1', 'x'],
  __proto__x: ['1'],
  constructor: ['1'],
  '': ['', '1'],
}

export const contentTypes: readonly string[] = [
  ...Array<string>(12).fill('application/json'), 'application/json', 'application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf',
  'application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml',
  'application/apply-patch+cbor', 'text/plain', 'application/json; charset=utf-16', '', ';', 'multipart/form-data; boundary=x',
] // prettier-ignore

export const accepts: readonly string[] = [
  ...Array<string>(12).fill('application/json'), '*/*', 'application/yaml', 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io', 'application/vnd.kubernetes.protobuf', 'text/html', ';;;', 'application/json;as=',
  'application/vnd.kubernetes.protobuf,application/json', 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
] // prettier-ignore

export const authorizations: readonly string[] = [...Array<string>(20).fill('Bearer admin'), 'Bearer admin', 'Bearer admin', 'Bearer admin', 'Bearer admin', 'Bearer admin', 'Bearer alice', 'Bearer none', 'Bearer', 'Basic YTpi', ''] // prettier-ignore

/** Values that a field does not expect. */
export const strangers: readonly unknown[] = [
  null, true, 0, -1, 1.5, 1e308, -9007199254740993, '', 'x', '\u0000', '\ud800', 'x'.repeat(5000), [], {}, [null], [[]], { '': '' }, { __proto__x: 1 },
  '1Ki', '1e1000', '-5m', '9'.repeat(40), '2025-01-01T00:00:00Z', 'not a time', 4294967296, '<>&', '{{', '../..', ['a', 'a'], { a: { b: { c: {} } } },
] // prettier-ignore

const template = {
  metadata: { labels: { app: 'web' } },
  spec: {
    containers: [
      {
        name: 'a',
        image: 'nginx:1',
        ports: [{ containerPort: 80, name: 'http' }],
        env: [{ name: 'A', value: 'b' }],
        resources: { requests: { cpu: '100m', memory: '1Gi' }, limits: { memory: '1Gi' } },
        livenessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 5 },
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
      },
    ],
    volumes: [{ name: 'v', emptyDir: {} }],
    tolerations: [{ key: 'a', operator: 'Exists' }],
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] } },
        ],
      },
    },
  },
} // prettier-ignore
const selector = { matchLabels: { app: 'web' } }

/** One sound object a kind: path of its collection below the namespace, and the object. */
export const objects: readonly { readonly path: string; readonly object: Readonly<Record<string, unknown>> }[] = [
  { path: '/api/v1/namespaces/default/configmaps', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', labels: { a: 'b' } }, data: { a: 'b' } } },
  { path: '/api/v1/namespaces/default/secrets', object: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, type: 'Opaque', data: { a: 'Yg==' } } },
  { path: '/api/v1/namespaces/default/pods', object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: template.spec } },
  { path: '/api/v1/namespaces/default/services', object: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] } } },
  { path: '/api/v1/namespaces', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } } },
  { path: '/api/v1/nodes', object: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } } },
  { path: '/apis/apps/v1/namespaces/default/deployments', object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 2, selector, template } } },
  { path: '/apis/apps/v1/namespaces/default/statefulsets', object: { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'web' }, spec: { serviceName: 'a', selector, template } } },
  { path: '/apis/batch/v1/namespaces/default/jobs', object: { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'a' }, spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } } } },
  { path: '/apis/batch/v1/namespaces/default/cronjobs', object: { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'a' }, spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } } } } } },
  { path: '/apis/rbac.authorization.k8s.io/v1/clusterroles', object: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'a' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] } },
  { path: '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers', object: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'a' }, spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } } } },
  { path: '/apis/networking.k8s.io/v1/namespaces/default/ingresses', object: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'a' }, spec: { rules: [{ host: 'a.b', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'a', port: { number: 80 } } } }] } }] } } },
  { path: '/apis/policy/v1/namespaces/default/poddisruptionbudgets', object: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'a' }, spec: { minAvailable: 1, selector } } },
  { path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', object: { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'things.example.com' }, spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'things', singular: 'thing', kind: 'Thing' }, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer', minimum: 1 } }, 'x-kubernetes-validations': [{ rule: 'self.size > 0' }] } } } } }] } } },
  { path: '/apis/example.com/v1/namespaces/default/things', object: { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, spec: { size: 1 } } },
  { path: '/apis/authorization.k8s.io/v1/subjectaccessreviews', object: { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { user: 'a', resourceAttributes: { verb: 'get', resource: 'pods' } } } },
  { path: '/api/v1/namespaces/default/pods/a/eviction', object: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'a' } } },
  { path: '/api/v1/namespaces/default/pods/a/binding', object: { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'a' }, target: { kind: 'Node', name: 'a' } } },
  { path: '/api/v1/namespaces/default/serviceaccounts/default/token', object: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 600 } } },
  { path: '/apis/apps/v1/namespaces/default/deployments/web/scale', object: { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web' }, spec: { replicas: 3 } } },
  { path: '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies', object: { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy', metadata: { name: 'a' }, spec: { matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }] }, validations: [{ expression: 'object.metadata.name != "x"' }] } } },
] // prettier-ignore

/** Protobuf bodies that kubectl has sent. */
export const protobufs: readonly string[] = [
  'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50EsUBCiMKBXF1aWNrEgAaACIAKgAyADgAQgBaDAoDYXBwEgVxdWljaxKPAQgCEg4KDAoDYXBwEgVxdWljaxpzCh4KABIAGgAiACoAMgA4AEIAWgwKA2FwcBIFcXVpY2sSURIzCgVuZ2lueBIKbmdpbng6MS4yNyoAMgoKABAAGFAiACoAQgBqAHIAgAEAiAEAkAEAogEAGgAyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBACICCgAoADgAGgwIABAAGAAgACgAOAAaACIA',
  'azhzAAoPCgJ2MRIJQ29uZmlnTWFwEhIKCAoBYRIAGgAiABIGCgFhEgExGgAiAA==',
]

/** JSON patches, sound and not. */
export const patches: readonly unknown[] = [
  [{ op: 'replace', path: '/metadata/labels', value: { a: 'b' } }],
  [{ op: 'remove', path: '/none' }],
  [{ op: 'copy', from: '/metadata', path: '/metadata/labels/a' }],
  [{ op: 'move', from: '/spec', path: '/spec/a' }],
  [{ op: 'test', path: '', value: 1 }],
  [{ op: 'add', path: '/metadata/__proto__', value: { polluted: true } }],
  [{ op: 'add', path: '/spec/template/spec/containers/-', value: {} }],
  [{ op: 'x' }],
  [null],
  {},
  { metadata: { labels: { a: null } } },
  { spec: { template: { spec: { containers: [{ name: 'a', $patch: 'delete' }] } } } },
  { spec: { $retainKeys: ['x'], $patch: 'replace' } },
  { '$setElementOrder/containers': [{ name: 'a' }], $patch: 'none' },
  { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } },
]
