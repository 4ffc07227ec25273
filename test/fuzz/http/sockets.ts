import { request, type RequestOptions } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { startServer, type Served } from '../../e2e/served.ts'
import { readFileSync } from 'node:fs'
import { createRandom } from '../random.ts'
import { randomRequest } from './inputs.ts'
import { readRequest } from './fuzzer.ts'

/** What clients do to a server that is really served: each is a sentence, and what was found instead when it does not hold. */
interface Attack {
  readonly name: string
  run(served: Served): Promise<void>
}

interface Reply {
  readonly code: number
  readonly text: string
}

const optionsOf = (served: Served, method: string, path: string): RequestOptions => ({
  host: '127.0.0.1',
  port: Number(new URL(served.url).port),
  ca: served.ca,
  method,
  path,
  agent: false,
  servername: 'localhost',
  headers: { authorization: `Bearer ${served.token}` },
})

const ask = (
  served: Served,
  method: string,
  path: string,
  more: { headers?: Record<string, string>; body?: Buffer | undefined } = {},
): Promise<Reply | undefined> =>
  new Promise((done) => {
    const options = optionsOf(served, method, path)
    const headers = { ...(options.headers as Record<string, string>), ...more.headers }
    for (const [name, value] of Object.entries(headers)) if (value === '') delete headers[name]
    const sent = request({ ...options, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
      response.on('close', () => done({ code: response.statusCode ?? 0, text }))
    })
    // A clean close is an answer too.
    sent.on('error', () => done(undefined))
    sent.setTimeout(20_000, () => sent.destroy())
    sent.end(more.body)
  })

const open = (served: Served): Promise<TLSSocket> =>
  new Promise((done, failed) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(served.url).port), ca: served.ca })
    socket.on('secureConnect', () => done(socket))
    socket.on('error', failed)
  })

const pause = (millis: number): Promise<void> => new Promise((done) => setTimeout(done, millis))
const megabytes = (served: Served): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${served.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

const wanted = (what: string, code: number | undefined, codes: readonly (number | undefined)[]): void => {
  if (!codes.includes(code))
    throw new Error(`${what}: ${code ?? 'closed'}, wanted ${codes.map((one) => one ?? 'closed').join(' or ')}`)
}

const attacks: readonly Attack[] = [
  {
    name: 'without a token 401, with an unknown one 401, from another Host 403',
    async run(served) {
      wanted('no token', (await ask(served, 'GET', '/api', { headers: { authorization: '' } }))?.code, [401])
      wanted(
        'unknown token',
        (await ask(served, 'GET', '/api', { headers: { authorization: 'Bearer x' } }))?.code,
        [401],
      )
      wanted('another host', (await ask(served, 'GET', '/api', { headers: { host: 'evil.example' } }))?.code, [403])
      wanted('this host', (await ask(served, 'GET', '/api'))?.code, [200])
    },
  },
  {
    name: 'plain HTTP and noise are closed',
    async run(served) {
      for (const noise of ['GET / HTTP/1.1\r\n\r\n', '\u0016\u0003\u0001', 'x'.repeat(10_000)]) {
        await new Promise<void>((done) => {
          const socket = connectPlain(Number(new URL(served.url).port), '127.0.0.1', () => socket.end(noise))
          socket.on('close', () => done())
          socket.on('error', () => done())
          socket.resume()
        })
      }
    },
  },
  {
    name: 'a huge body is 413, a huge header 431, a truncated body closes',
    async run(served) {
      const body = Buffer.alloc(4 * 1024 * 1024, 0x61)
      wanted('4 MiB', (await ask(served, 'POST', '/api/v1/namespaces/default/configmaps', { body }))?.code, [
        413,
        undefined,
      ])
      wanted('headers', (await ask(served, 'GET', '/api', { headers: { 'x-long': 'x'.repeat(100_000) } }))?.code, [
        431,
        undefined,
      ])
      const socket = await open(served)
      socket.on('error', () => undefined)
      socket.write(
        `POST /api/v1/namespaces HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${served.token}\r\nContent-Length: 100\r\n\r\n{"a":`,
      )
      socket.resume()
      socket.end()
      await new Promise<void>((done) => socket.on('close', () => done()))
    },
  },
  {
    name: 'half-open connections do not keep others out',
    async run(served) {
      const sockets = await Promise.all(Array.from({ length: 200 }, () => open(served)))
      for (const [index, socket] of sockets.entries()) {
        socket.on('error', () => undefined)
        if (index % 2 === 0) socket.write('GET /api HTTP/1.1\r\nHo')
      }
      wanted('an honest client', (await ask(served, 'GET', '/readyz'))?.code, [200])
      for (const socket of sockets) socket.destroy()
    },
  },
  {
    name: 'a thousand watchers that never read: memory stays bounded, and the others are served',
    async run(served) {
      const path = '/api/v1/namespaces/default/configmaps'
      const sockets: TLSSocket[] = []
      for (let batch = 0; batch < 20; batch += 1) {
        const some = await Promise.all(Array.from({ length: 50 }, () => open(served)))
        for (const socket of some) {
          socket.on('error', () => undefined)
          socket.pause()
          socket.write(
            `GET ${path}?watch=true HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${served.token}\r\n\r\n`,
          )
        }
        sockets.push(...some)
      }
      await pause(500)
      const before = megabytes(served)
      const data = 'x'.repeat(20_000)
      for (let round = 0; round < 30; round += 1) {
        const object = { metadata: { name: `filler-${round % 5}` }, data: { round: String(round), data } }
        const body = Buffer.from(JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', ...object }))
        const headers = { 'content-type': 'application/json' }
        const made = await ask(served, 'POST', path, { headers, body })
        if (made?.code === 409)
          wanted('a write', (await ask(served, 'PUT', `${path}/filler-${round % 5}`, { headers, body }))?.code, [200])
        else wanted('a write', made?.code, [201])
      }
      const after = megabytes(served)
      for (const socket of sockets) socket.destroy()
      // 30 events of 20 KB to a thousand watchers are 600 MB.
      if (after - before > 300) throw new Error(`memory grew from ${before.toFixed(0)} to ${after.toFixed(0)} MB`)
      wanted('afterwards', (await ask(served, 'GET', '/readyz'))?.code, [200])
    },
  },
]

/** A share of the random requests over real sockets. */
const randomShare = (runs: number, seed: number): Attack => ({
  name: `${runs} random requests over sockets: each is answered or closed`,
  async run(served) {
    for (let index = 0; index < runs; index += 25) {
      await Promise.all(
        Array.from({ length: 25 }, async (_, at) => {
          const { method, url, headers, bytes } = readRequest(randomRequest(createRandom(seed, index + at)))
          // A watch goes on for as long as it likes.
          const sound = /^[\x21-\x7e]+$/.test(url) && url.startsWith('/') && !/watch/.test(url)
          if (!sound) return
          const { authorization, ...rest } = headers
          const bearer = authorization === 'Bearer admin' ? `Bearer ${served.token}` : (authorization ?? '')
          const safe = Object.fromEntries(Object.entries(rest).filter(([, value]) => /^[\x20-\x7e]*$/.test(value)))
          const body = method === 'GET' || method === 'HEAD' || bytes.length === 0 ? undefined : bytes
          await ask(served, method, url, { headers: { ...safe, authorization: bearer }, body })
        }),
      )
    }
    wanted('afterwards', (await ask(served, 'GET', '/readyz'))?.code, [200])
    if (/this is a bug in kscn/.test(served.printed())) throw new Error(served.printed())
  },
})

/** Runs every attack against one server. What did not hold. */
export const attackSockets = async (runs: number, seed: number): Promise<readonly string[]> => {
  const served = await startServer(['--nodes', '0', '--clock', 'fast'])
  const found: string[] = []
  for (const attack of [...attacks, randomShare(runs, seed)]) {
    try {
      await attack.run(served)
    } catch (error) {
      found.push(`${attack.name}\n  ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const code = await served.stop()
  if (code !== 0) found.push(`the server ended with ${code}:\n${served.printed()}`)
  return found
}
