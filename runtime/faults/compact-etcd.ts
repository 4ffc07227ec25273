import type { Fault } from './fault.ts'

/** `compact etcd`: history up to now is given up; who asks for it is told "too old resource version". Nothing brings it back. */
export const compactEtcd: Fault = {
  name: 'compact etcd',
  inject({ cluster }) {
    cluster.dials.compactEtcd()
    return { heal: () => undefined }
  },
}
