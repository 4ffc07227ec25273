import type { Invariant } from './invariant.ts'

const most = 1000

export const endpointSliceSize: Invariant = {
  name: 'endpoint-slice-size',
  rows: ['EP-03'],
  says: `an EndpointSlice has at most ${most} endpoints`,
  reads: ['endpointslices.discovery.k8s.io'],
  upheld: true,
  track: (ledger) => ({
    change({ subject, object }) {
      const count = (object as { readonly endpoints?: readonly unknown[] } | undefined)?.endpoints?.length ?? 0
      if (count > most) ledger.broken(subject, `it has ${count} endpoints`)
    },
  }),
}
