/** An address and port behind a service port, as slices have it (BaseEndpointInfo of pkg/proxy/endpoint.go). */
export interface Endpoint {
  /** `10.244.1.2:8080`, `[fd00::2]:8080` */
  readonly text: string
  readonly nodeName: string | undefined
  readonly ready: boolean
  readonly serving: boolean
  readonly terminating: boolean
  readonly zoneHints: readonly string[]
  readonly nodeHints: readonly string[]
}

/** The address in `10.244.1.2:8080` or `[fd00::2]:8080`. */
export const hostOf = (text: string): string => {
  const host = text.slice(0, text.lastIndexOf(':'))
  return host.startsWith('[') ? host.slice(1, -1) : host
}
