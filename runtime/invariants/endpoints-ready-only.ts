import { isPodReady } from '../../api/pods/container-status.ts'
import type { EndpointSlice } from '../../api/types/discovery-v1.generated.ts'
import type { Pod, Service } from '../../api/types/core-v1.generated.ts'
import type { Invariant } from './invariant.ts'

/** True a moment after a pod changes, not in the instant: `always endpoints-ready-only within 5s`. */
export const endpointsReadyOnly: Invariant = {
  name: 'endpoints-ready-only',
  rows: ['EP-01', 'EP-02'],
  says: 'every endpoint that is told to be ready is a pod that is ready',
  reads: ['pods', 'endpointslices.discovery.k8s.io'],
  upheld: false,
  track(ledger) {
    const { state } = ledger
    /** slice → the pods that it calls ready, and the other way round */
    const pods = new Map<string, readonly string[]>()
    const slices = new Map<string, Set<string>>()
    const judge = (podSubject: string): void => {
      const users = slices.get(podSubject)
      if (users === undefined || users.size === 0) {
        ledger.mended(podSubject)
        return
      }
      const [, namespace, name = ''] = podSubject.split('/')
      const pod = state.get('pods', namespace, name) as Pod | undefined
      const ready = pod !== undefined && isPodReady(pod) && pod.metadata.deletionTimestamp === undefined
      if (ready) ledger.mended(podSubject)
      else
        ledger.broken(
          podSubject,
          `it is ${pod === undefined ? 'gone' : 'not ready'}, and ${[...users][0]!} calls it ready`,
        )
    }
    const publishesNotReady = (slice: EndpointSlice): boolean => {
      const name = slice.metadata.labels?.['kubernetes.io/service-name']
      const service =
        name === undefined ? undefined : (state.get('services', slice.metadata.namespace, name) as Service | undefined)
      return service?.spec?.publishNotReadyAddresses === true
    }
    return {
      change({ resource, subject, object }) {
        if (resource === 'pods') {
          judge(subject)
          return
        }
        const old = pods.get(subject) ?? []
        for (const pod of old) slices.get(pod)?.delete(subject)
        const slice = object as EndpointSlice | undefined
        const now =
          slice === undefined || publishesNotReady(slice)
            ? []
            : (slice.endpoints ?? [])
                .filter((one) => one.conditions?.ready !== false && one.targetRef?.kind === 'Pod')
                .map((one) => `pods/${one.targetRef!.namespace ?? slice.metadata.namespace}/${one.targetRef!.name}`)
        pods.set(subject, now)
        for (const pod of now) {
          const known = slices.get(pod)
          if (known === undefined) slices.set(pod, new Set([subject]))
          else known.add(subject)
        }
        for (const pod of new Set([...old, ...now])) judge(pod)
      },
    }
  },
}
