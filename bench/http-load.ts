import { readFileSync } from 'node:fs'
import { Agent, request as httpsRequest } from 'node:https'
import { parse } from 'yaml'

/** One piece of work of a client over HTTP. */
export interface HttpFigure {
  readonly work: string
  readonly perSecond: number
}

export interface HttpSizes {
  readonly pods: number
  readonly lists: number
  readonly watchers: number
  readonly watched: number
}

interface Target {
  readonly host: string
  readonly port: number
  readonly token: string
}

/** Requests that are under way at once: client-go's informers and workers together. */
const lanes = 16
const namespace = 'default'

const targetOf = (kubeconfig: string): Target => {
  const config = parse(readFileSync(kubeconfig, 'utf8')) as {
    readonly clusters: readonly { readonly cluster: { readonly server: string } }[]
    readonly users: readonly { readonly user: { readonly token: string } }[]
  }
  const url = new URL(config.clusters[0]!.cluster.server)
  return { host: url.hostname, port: Number(url.port), token: config.users[0]!.user.token }
}

interface Answer {
  readonly code: number
  readonly bytes: number
}

const createClient = ({ host, port, token }: Target) => {
  const agent = new Agent({ keepAlive: true, maxSockets: lanes, rejectUnauthorized: false })
  const watching = new Agent({ keepAlive: true, maxSockets: Infinity, rejectUnauthorized: false })
  const base = { host, port, headers: { authorization: `Bearer ${token}`, accept: 'application/json' } }
  const send = (method: string, path: string, body?: object): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body)
      const headers =
        text === undefined
          ? base.headers
          : { ...base.headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
      const sent = httpsRequest({ ...base, agent, method, path, headers }, (response) => {
        let bytes = 0
        response.on('data', (chunk: Buffer) => (bytes += chunk.length))
        response.on('end', () => resolve({ code: response.statusCode ?? 0, bytes }))
        response.on('error', reject)
      })
      sent.on('error', reject)
      sent.end(text)
    })
  /** Calls back for each event; resolves once the watch is open. */
  const watch = (path: string, heard: () => void): Promise<() => void> =>
    new Promise((resolve, reject) => {
      const sent = httpsRequest({ ...base, agent: watching, method: 'GET', path }, (response) => {
        resolve(() => sent.destroy())
        response.on('data', (chunk: Buffer) => {
          for (const byte of chunk) if (byte === 10) heard()
        })
        response.on('error', () => undefined)
      })
      sent.on('error', reject)
      sent.end()
    })
  return {
    send,
    watch,
    close() {
      agent.destroy()
      watching.destroy()
    },
  }
}

const pod = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: 'web' } },
  spec: {
    containers: [
      {
        name: 'app',
        image: 'web:v1',
        ports: [{ containerPort: 80 }],
        resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
      },
    ],
  },
})

/** The same work against whatever server a kubeconfig leads to. */
export const httpLoad = async (kubeconfig: string, sizes: HttpSizes): Promise<readonly HttpFigure[]> => {
  const client = createClient(targetOf(kubeconfig))
  const pods = `/api/v1/namespaces/${namespace}/pods`
  // Without a controller manager nobody else makes it.
  await client.send('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default' },
  })
  const figures: HttpFigure[] = []
  const measured = async (work: string, count: number, each: (index: number) => Promise<Answer>): Promise<void> => {
    let next = 0
    const lane = async (): Promise<void> => {
      while (next < count) {
        const index = next
        next += 1
        const { code } = await each(index)
        if (code >= 300) throw new Error(`bench: ${work}: ${code}`)
      }
    }
    const started = process.hrtime.bigint()
    await Promise.all(Array.from({ length: Math.min(lanes, count) }, lane))
    figures.push({ work, perSecond: count / (Number(process.hrtime.bigint() - started) / 1e9) })
  }
  const create = (prefix: string) => (index: number) => client.send('POST', pods, pod(`${prefix}-${index}`))
  await Promise.all(Array.from({ length: 200 }, (_, index) => create('warm')(index)))
  await measured('creates', sizes.pods, create('web'))
  await measured('gets', sizes.pods, (index) => client.send('GET', `${pods}/web-${index}`))
  await measured('lists of all pods', sizes.lists, () => client.send('GET', pods))
  let heard = 0
  let enough: () => void = () => undefined
  const wanted = sizes.watchers * sizes.watched
  const closing = await Promise.all(
    Array.from({ length: sizes.watchers }, () =>
      client.watch(`${pods}?watch=true&resourceVersion=0&labelSelector=app%3Dfan`, () => {
        heard += 1
        if (heard === wanted) enough()
      }),
    ),
  )
  const all = new Promise<void>((resolve) => (enough = resolve))
  const started = process.hrtime.bigint()
  await Promise.all(
    Array.from({ length: sizes.watched }, (_, index) =>
      client.send('POST', pods, { ...pod(`fan-${index}`), metadata: { name: `fan-${index}`, labels: { app: 'fan' } } }),
    ),
  )
  await all
  figures.push({
    work: `events to ${sizes.watchers} watchers`,
    perSecond: wanted / (Number(process.hrtime.bigint() - started) / 1e9),
  })
  for (const close of closing) close()
  client.close()
  return figures
}
