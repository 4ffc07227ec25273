import type { Invariant } from './invariant.ts'

const selectorOf = (object: unknown): string =>
  JSON.stringify((object as { readonly spec?: { readonly selector?: unknown } }).spec?.selector ?? null)

export const selectorImmutable: Invariant = {
  name: 'selector-immutable',
  rows: ['DEP-09'],
  says: 'the selector of a workload never changes',
  reads: ['deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'daemonsets.apps', 'jobs.batch'],
  upheld: true,
  track: (ledger) => ({
    change({ subject, object, before }) {
      if (object === undefined || before === undefined || object.metadata.uid !== before.metadata.uid) return
      const spec = (one: unknown): unknown => (one as { readonly spec?: unknown }).spec
      if (spec(object) === spec(before)) return
      if (selectorOf(object) !== selectorOf(before))
        ledger.broken(subject, `its selector went from ${selectorOf(before)} to ${selectorOf(object)}`)
    },
  }),
}
