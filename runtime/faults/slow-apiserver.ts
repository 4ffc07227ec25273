import type { Fault } from './fault.ts'

/** `slow apiserver/0 by 300ms`: every request waits so much longer before the server looks at it. Open watches go on as before. */
export const slowApiserver: Fault = {
  name: 'slow apiserver',
  inject({ cluster, targets, by = 0 }) {
    return {
      heal: cluster.dials.interference.disturbRequests(targets, { delay: () => by, refuse: () => undefined }),
    }
  },
}
