import { isPodReady } from '../../api/pods/container-status.ts'
import { selectorFromSet } from '../../api/selectors/label-selector.ts'
import type { EndpointSlice } from '../../api/types/discovery-v1.generated.ts'
import type { Pod, Service } from '../../api/types/core-v1.generated.ts'
import type { Invariant } from './invariant.ts'

/** True a moment after a pod changes, not in the instant: `always endpoints-complete within 5s`. */
export const endpointsComplete: Invariant = {
  name: 'endpoints-complete',
  rows: ['EP-01', 'EP-04'],
  says: 'every ready pod that a Service selects is a ready endpoint of it',
  reads: ['pods', 'services', 'endpointslices.discovery.k8s.io'],
  upheld: false,
  track(ledger) {
    const { state } = ledger
    /** service → pod → number of slices that call it ready */
    const listed = new Map<string, Map<string, number>>()
    const bySlice = new Map<string, { readonly service: string; readonly pods: readonly string[] }>()
    const services = new Map<string, Map<string, Service>>()

    const judge = (service: Service, pod: Pod): void => {
      const { namespace, name } = pod.metadata
      const subject = `pods/${namespace}/${name} in services/${namespace}/${service.metadata.name}`
      const selector = service.spec?.selector
      const expected =
        selector !== undefined &&
        Object.keys(selector).length > 0 &&
        service.metadata.deletionTimestamp === undefined &&
        service.spec?.type !== 'ExternalName' &&
        state.get('pods', namespace, name) === pod &&
        isPodReady(pod) &&
        pod.metadata.deletionTimestamp === undefined &&
        selectorFromSet(selector).matches(pod.metadata.labels)
      const has = (listed.get(`${namespace}/${service.metadata.name}`)?.get(name) ?? 0) > 0
      if (expected && !has) ledger.broken(subject, 'it is ready, and no EndpointSlice of the Service says so')
      else ledger.mended(subject)
    }
    return {
      change({ resource, subject, object, before }) {
        const { namespace = '', name } = (object ?? before)!.metadata
        if (resource === 'pods') {
          for (const service of services.get(namespace)?.values() ?? []) judge(service, (object ?? before) as Pod)
          return
        }
        if (resource === 'services') {
          let known = services.get(namespace)
          if (known === undefined) {
            known = new Map()
            services.set(namespace, known)
          }
          if (object === undefined) known.delete(name)
          else known.set(name, object as Service)
          const was = before as Service | undefined
          const selector = (one: Service | undefined): string => JSON.stringify(one?.spec?.selector ?? null)
          if (object !== undefined && was !== undefined && selector(was) === selector(object as Service)) return
          const service = object === undefined ? { ...was!, spec: {} } : (object as Service)
          for (const pod of state.list('pods', namespace)) judge(service, pod as Pod)
          return
        }
        const slice = object as EndpointSlice | undefined
        const old = bySlice.get(subject)
        const service = slice?.metadata.labels?.['kubernetes.io/service-name'] ?? old?.service.split('/')[1] ?? ''
        const key = `${namespace}/${service}`
        let counts = listed.get(key)
        if (counts === undefined) {
          counts = new Map()
          listed.set(key, counts)
        }
        for (const pod of old?.pods ?? []) counts.set(pod, (counts.get(pod) ?? 1) - 1)
        const pods = (slice?.endpoints ?? [])
          .filter((one) => one.conditions?.ready !== false && one.targetRef?.kind === 'Pod')
          .map((one) => one.targetRef!.name!)
        for (const pod of pods) counts.set(pod, (counts.get(pod) ?? 0) + 1)
        if (slice === undefined) bySlice.delete(subject)
        else bySlice.set(subject, { service: key, pods })
        const present = services.get(namespace)?.get(service)
        if (present === undefined) return
        for (const one of new Set([...(old?.pods ?? []), ...pods])) {
          const pod = state.get('pods', namespace, one) as Pod | undefined
          if (pod !== undefined) judge(present, pod)
        }
      },
    }
  },
}
