import type { Container, PodStatus, Probe } from '../../api/types/core-v1.generated.ts'

const portOf = (port: number | string | undefined, container: Container): string => {
  if (typeof port === 'number') return String(port)
  const named = (container.ports ?? []).find((one) => one.name === port)
  return named === undefined ? String(port ?? '') : String(named.containerPort)
}

/** What a failing probe says: the command's output, or what pkg/probe makes of a server that refuses. */
export const probeFailureText = (probe: Probe, status: PodStatus, container: Container, output: string): string => {
  if (probe.exec !== undefined || output !== '') return output
  if (probe.httpGet !== undefined) return 'HTTP probe failed with statuscode: 503'
  if (probe.tcpSocket !== undefined) {
    const host = probe.tcpSocket.host ?? status.podIP ?? ''
    return `dial tcp ${host}:${portOf(probe.tcpSocket.port, container)}: connect: connection refused`
  }
  return 'service unhealthy (responded with "NOT_SERVING")'
}
