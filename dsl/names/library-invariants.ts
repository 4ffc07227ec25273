/**
 * The invariants that come with the language (3.15), usable unqualified. A test holds this to the runtime's registry, but for those
 * of `unbuiltInvariants`.
 */
export const libraryInvariants: ReadonlySet<string> = new Set([
  'no-overcommit',
  'bound-once',
  'taints-respected',
  'affinity-respected',
  'spread-respected',
  'priority-respected',
  'no-starvation',
  'single-owner',
  'no-orphans',
  'rollout-availability',
  'stateful-order',
  'stateful-at-most-one',
  'daemon-one-per-node',
  'job-at-most-completions',
  'pdb-respected',
  'quota-respected',
  'limits-respected',
  'endpoints-ready-only',
  'endpoints-complete',
  'no-lost-writes',
  'resource-version-monotonic',
  'watch-ordered',
  'generation-observed',
  'settled-is-fixpoint',
  'no-hot-loop',
  'no-fight',
  'converges',
  'daemon-tolerations',
  'deletion-sticky',
  'endpoint-slice-size',
  'finalizers-honoured',
  'gates-respected',
  'generation-monotonic',
  'phase-sticky',
  'pod-on-one-node',
  'restarts-monotonic',
  'selector-immutable',
  'uid-unique',
])

/** Part of the language, and not of this version: what watchers hear is not in the record. */
export const unbuiltInvariants: ReadonlySet<string> = new Set(['watch-ordered'])
