import { structuralEqual } from '../../api/json/structural-equal.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Service } from '../../api/types/core-v1.generated.ts'
import type { EndpointSlice } from '../../api/types/discovery-v1.generated.ts'
import { servicePorts, type IpFamily, type ServicePort } from './service-port.ts'

/** Services whose rules may have to be made anew at the next sync. */
export interface ChangeTracker {
  /** A Service before and now, as far as it is proxied. True: there is something to sync. */
  serviceChanged(before: Service | undefined, now: Service | undefined): boolean
  sliceChanged(slice: EndpointSlice): boolean
  /** All services of which something was heard, in order; they are forgotten. */
  take(): readonly string[]
}

const headless = 'service.kubernetes.io/headless'
const otherProxy = 'service.kubernetes.io/service-proxy-name'
export const serviceLabel = 'kubernetes.io/service-name'

/** The selectors of kube-proxy's informers (cmd/kube-proxy/app/server.go): what it never sees. */
export const isProxied = (service: KubeObject | undefined): service is Service =>
  service !== undefined &&
  service.metadata.labels?.[otherProxy] === undefined &&
  (service as Service).spec.clusterIP !== 'None'

export const isProxiedSlice = (slice: KubeObject, family: IpFamily): slice is EndpointSlice =>
  slice.metadata.labels?.[headless] === undefined &&
  (slice.metadata.labels?.[serviceLabel] ?? '') !== '' &&
  (slice as EndpointSlice).addressType === family

const nameOf = (object: KubeObject): string => `${object.metadata.namespace ?? ''}/${object.metadata.name}`

/** ServiceChangeTracker and EndpointsChangeTracker of pkg/proxy. */
export const createChangeTracker = (family: IpFamily): ChangeTracker => {
  /** Service → its ports before the first of the changes. */
  const services = new Map<string, readonly ServicePort[]>()
  const sliced = new Set<string>()
  const portsOf = (service: Service | undefined): readonly ServicePort[] =>
    service === undefined ? [] : servicePorts(service, family)
  return {
    serviceChanged(before, now) {
      const object = now ?? before
      if (object === undefined) return false
      const name = nameOf(object)
      const first = services.get(name) ?? portsOf(before)
      if (structuralEqual(first, portsOf(now))) services.delete(name)
      else services.set(name, first)
      return services.size > 0
    },
    sliceChanged(slice) {
      sliced.add(`${slice.metadata.namespace ?? ''}/${slice.metadata.labels![serviceLabel]!}`)
      return true
    },
    take() {
      const names = [...new Set([...services.keys(), ...sliced])].sort()
      services.clear()
      sliced.clear()
      return names
    },
  }
}
