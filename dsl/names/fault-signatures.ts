/**
 * What may stand behind `inject` (language reference 3.12). A fault is added by a line here and one in runtime/faults/registry.ts;
 * the grammar knows none of them.
 */
export interface FaultSignature {
  /** Resources and pseudo-kinds that it strikes. */
  readonly targets: readonly string[]
  /** Those of them that the runner can strike; a test holds this to the runtime's registry. */
  readonly built: readonly string[]
  /** Words between target and clauses, in order. */
  readonly args: readonly FaultArgument[]
  readonly clauses: readonly FaultClause[]
  /** Clauses without which it says nothing. */
  readonly wants: readonly FaultClause[]
  /** What `to` and `by` measure. */
  readonly amount: 'duration' | 'quantity'
  /** A whole sentence, for advice. */
  readonly example: string
}

/** `with probability` may stand behind every fault. */
export type FaultClause = 'for' | 'restart' | 'from' | 'by' | 'to' | 'on'

export type FaultArgument =
  /** One of some words; `counted` ones are followed by a number. `only`: for these targets alone. */
  | {
      readonly kind: 'word'
      readonly words: readonly string[]
      readonly optional: boolean
      readonly counted?: readonly string[]
      readonly only?: readonly string[]
    }
  /** `every 20s` */
  | { readonly kind: 'interval'; readonly word: string }
  /** `503` */
  | { readonly kind: 'status-code' }

const watchers = ['controller', 'scheduler', 'kubelet', 'kube-proxy', 'controller-manager']

type Given = Partial<FaultSignature> & Pick<FaultSignature, 'targets' | 'example'>
const fault = (given: Given): FaultSignature => ({
  built: [],
  args: [],
  clauses: ['for'],
  wants: [],
  amount: 'duration',
  ...given,
})

const crashable = [
  'nodes', 'kubelet', 'apiserver', 'etcd', 'controller', 'controller-manager', 'scheduler', 'kube-proxy', 'autoscaler',
  'cloud-controller-manager',
] as const // prettier-ignore

export const faultSignatures: Readonly<Record<string, FaultSignature>> = {
  crash: fault({
    targets: [...crashable],
    built: [...crashable],
    args: [
      {
        kind: 'word',
        words: ['between-writes', 'after-write', 'before-write'],
        optional: true,
        counted: ['after-write', 'before-write'],
        only: ['controller'],
      },
    ],
    clauses: ['for', 'restart'],
    example: 'inject crash node/workers-0 for 5m',
  }),
  reboot: fault({ targets: ['nodes'], built: ['nodes'], example: 'inject reboot node/workers-0 for 90s' }),
  shutdown: fault({ targets: ['nodes'], built: ['nodes'], example: 'inject shutdown node/workers-0 for 5m' }),
  flap: fault({
    targets: ['nodes'],
    built: ['nodes'],
    args: [{ kind: 'interval', word: 'every' }],
    example: 'inject flap node/workers-0 every 20s for 5m',
  }),
  partition: fault({
    targets: ['nodes', 'zones', 'apiserver', 'etcd', ...watchers],
    built: ['nodes', 'zones', 'apiserver', 'etcd', 'controller', 'scheduler', 'kubelet', 'kube-proxy', 'controller-manager'],
    clauses: ['from', 'for'],
    wants: ['from'],
    example: 'inject partition node/workers-0 from apiserver/*',
  }),
  outage: fault({ targets: ['zones'], built: ['zones'], example: 'inject outage zone/a for 10m' }),
  skew: fault({
    targets: ['nodes'],
    built: ['nodes'],
    clauses: ['by', 'for'],
    wants: ['by'],
    example: 'inject skew node/workers-0 by 2m',
  }),
  pressure: fault({
    targets: ['nodes'],
    built: ['nodes'],
    args: [{ kind: 'word', words: ['memory', 'disk', 'pid'], optional: false }],
    clauses: ['to', 'for'],
    amount: 'quantity',
    example: 'inject pressure node/workers-0 memory to 50Mi',
  }),
  slow: fault({
    targets: ['apiserver', 'etcd', 'registry'],
    built: ['apiserver', 'etcd', 'registry'],
    clauses: ['by', 'for'],
    wants: ['by'],
    example: 'inject slow apiserver/0 by 300ms',
  }),
  error: fault({
    targets: ['apiserver'],
    built: ['apiserver'],
    args: [{ kind: 'status-code' }],
    clauses: ['on', 'for'],
    example: 'inject error apiserver/* 503 on "POST pods" with probability 10%',
  }),
  compact: fault({ targets: ['etcd'], built: ['etcd'], clauses: [], example: 'inject compact etcd' }),
  'drop-watch': fault({ targets: watchers, built: watchers, example: 'inject drop-watch controller/replicaset for 10s' }),
  'delay-watch': fault({
    targets: [...watchers, 'apiserver'],
    built: [...watchers, 'apiserver'],
    clauses: ['by', 'for'],
    wants: ['by'],
    example: 'inject delay-watch scheduler by 5s',
  }),
  'stale-cache': fault({ targets: watchers, built: watchers, example: 'inject stale-cache scheduler for 30s' }),
  failover: fault({
    targets: ['scheduler', 'controller-manager', 'controller'],
    built: ['scheduler', 'controller-manager', 'controller'], clauses: [], example: 'inject failover scheduler' }),
  pause: fault({ targets: ['controller'], built: ['controller'], example: 'inject pause controller/deployment for 1m' }),
  down: fault({
    targets: ['registry', 'storageclasses.storage.k8s.io'],
    built: ['registry', 'storageclasses.storage.k8s.io'],
    example: 'inject down registry/docker.io for 5m',
  }),
  timeout: fault({ targets: ['webhook', 'extender'], built: ['webhook', 'extender'], example: 'inject timeout webhook/policy for 1m' }),
} // prettier-ignore
