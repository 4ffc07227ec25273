import { connect, createServer, type Socket } from 'node:net'

/** A way to a server that can be cut: what a lost connection is to a client. TLS passes through untouched. */
export interface CutProxy {
  readonly port: number
  /** Ends every connection that is open now, without a word. New ones are let through. */
  cut(): number
  close(): Promise<void>
}

export const startCutProxy = (target: number): Promise<CutProxy> =>
  new Promise((done) => {
    const open = new Set<Socket>()
    const server = createServer((client) => {
      const upstream = connect(target, '127.0.0.1')
      for (const socket of [client, upstream]) {
        open.add(socket)
        socket.on('close', () => open.delete(socket))
        socket.on('error', () => {
          client.destroy()
          upstream.destroy()
        })
      }
      client.pipe(upstream).pipe(client)
    })
    const cut = (): number => {
      const count = open.size
      for (const socket of open) socket.resetAndDestroy()
      return count
    }
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      done({
        port: typeof address === 'object' && address !== null ? address.port : 0,
        cut,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            cut()
          }),
      })
    })
  })
