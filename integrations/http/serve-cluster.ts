import { createServer, type Server } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { performance } from 'node:perf_hooks'
import type { Cluster } from '../../runtime/cluster/cluster.ts'
import { createHttpDoor, type HttpDoor } from '../../runtime/apiserver/http-door.ts'
import { servedHosts } from './allowed-host.ts'
import { createCertificates } from './certificates.ts'
import { descriptions } from './descriptions.ts'
import { driveClock, type ClockDriver, type ClockMode } from './drive-clock.ts'
import { handleRequest, type Handling } from './handle-request.ts'
import { parseYaml } from './parse-yaml.ts'
import { createWatchBudget } from './watch-stream.ts'

export interface ServeOptions {
  readonly cluster: Cluster
  /** 0: any free one */
  readonly port: number
  readonly clock: ClockMode
  /** The bearer of this token may set the clock. */
  readonly adminToken: string
  /** A request broke: a bug, but the others go on. */
  readonly panicked: (error: unknown) => void
  /** The simulation broke: a bug. */
  readonly failed: (error: unknown) => void
}

export interface ServedCluster {
  readonly port: number
  /** PEM: the authority that signed the server's certificate. */
  readonly ca: string
  readonly clock: ClockDriver
  /** Ends every connection, then the clock. */
  close(): Promise<void>
}

/** More than a control plane and a thousand clients open. */
const maxConnections = 4_096
const maxHeaderBytes = 64 * 1024
const maxHeaders = 200

const limits = {
  maxHeaderSize: maxHeaderBytes,
  // Who sends its request line and headers, or its body, a byte at a time.
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
  handshakeTimeout: 10_000,
  // Longer than client-go keeps an idle connection, so that it is never the server that hangs up first.
  keepAliveTimeout: 120_000,
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
} as const

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port }, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })

/** Go's net/http answers in plain text what is no HTTP. */
const refuseClient = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const line =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request'
  socket.end(`HTTP/1.1 ${line}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${line}`)
}

/** Opens a Kubernetes API server on loopback, over TLS, to a simulated cluster. */
export const serveCluster = async (options: ServeOptions): Promise<ServedCluster> => {
  const { cluster } = options
  const certificates = createCertificates(servedHosts, Date.now())
  const clock = driveClock(cluster.kernel, options.clock, options.failed)
  const doors = new Map<object, HttpDoor>()
  const handling: Handling = {
    clock,
    cluster,
    adminToken: options.adminToken,
    budget: createWatchBudget(),
    now: () => performance.now(),
    door() {
      const serving = cluster.servers().find((one) => one.up())
      if (serving === undefined) return undefined
      let door = doors.get(serving.server)
      if (door === undefined)
        doors.set(serving.server, (door = createHttpDoor(serving.server, parseYaml, descriptions)))
      return { door, server: serving.server }
    },
    panicked: options.panicked,
  }
  const handler = (request: IncomingMessage, response: ServerResponse): void =>
    handleRequest(handling, request, response)
  const server = createServer(
    { ...limits, cert: certificates.certificate, key: certificates.key, minVersion: 'TLSv1.2' },
    handler,
  )
  server.maxConnections = maxConnections
  server.maxHeadersCount = maxHeaders
  server.on('clientError', refuseClient)
  server.on('tlsClientError', () => undefined)
  // A protocol that this server does not speak: answered as a plain request.
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => socket.destroy())
  const port = await listen(server, options.port)
  return {
    port,
    ca: certificates.ca,
    clock,
    close: () =>
      new Promise((resolve) => {
        clock.stop()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
