import type { EndpointSlice } from '../../api/types/discovery-v1.generated.ts'
import { hostOf } from './endpoint.ts'
import { sliceEndpoints } from './slice-endpoints.ts'

/** What a health check node port answers (pkg/proxy/healthcheck/service_health.go). */
export interface ServiceHealth {
  readonly code: 200 | 503
  readonly localEndpoints: number
}

/** A load balancer's probe of a Service with the Local policy: whether this node has a ready endpoint, by address. */
export const serviceHealth = (
  slices: readonly EndpointSlice[],
  nodeName: string,
  proxyHealthy: boolean,
): ServiceHealth => {
  const addresses = new Set<string>()
  for (const endpoints of sliceEndpoints(slices).values()) {
    for (const one of endpoints)
      if (one.ready && one.nodeName === nodeName && nodeName !== '') addresses.add(hostOf(one.text))
  }
  return { code: addresses.size > 0 && proxyHealthy ? 200 : 503, localEndpoints: addresses.size }
}
