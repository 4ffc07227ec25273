import { AppsV1Api, CoreV1Api, KubeConfig, makeInformer, Watch, type V1ConfigMap } from '@kubernetes/client-node'
import type { Served } from '../served.ts'
import { expectSame, until, type ClientCheck } from './check.ts'
import { startCutProxy } from './cut-proxy.ts'

const configOf = (served: Served, port?: number): KubeConfig => {
  const config = new KubeConfig()
  config.loadFromString(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'c',
          cluster: {
            server: port === undefined ? served.url : `https://127.0.0.1:${port}`,
            'certificate-authority-data': Buffer.from(served.ca).toString('base64'),
          },
        },
      ],
      users: [{ name: 'u', user: { token: served.token } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  )
  return config
}

const portOf = (served: Served): number => Number(new URL(served.url).port)
const namespace = 'default'
const path = `/api/v1/namespaces/${namespace}/configmaps`

const write = async (core: CoreV1Api, name: string, value: string): Promise<void> => {
  const body: V1ConfigMap = { metadata: { name, labels: { suite: 'clients' } }, data: { value } }
  try {
    await core.createNamespacedConfigMap({ namespace, body })
  } catch {
    await core.replaceNamespacedConfigMap({ namespace, name, body })
  }
}

/** Events of a config map informer, in words. */
const follow = (
  config: KubeConfig,
  heard: string[],
  errors: unknown[],
): ReturnType<typeof makeInformer<V1ConfigMap>> => {
  const core = config.makeApiClient(CoreV1Api)
  const informer = makeInformer<V1ConfigMap>(
    config,
    path,
    () => core.listNamespacedConfigMap({ namespace, labelSelector: 'suite=clients' }),
    'suite=clients',
  )
  informer.on('add', (one) => heard.push(`add ${one.metadata!.name} ${one.data?.['value']}`))
  informer.on('update', (one) => heard.push(`update ${one.metadata!.name} ${one.data?.['value']}`))
  informer.on('delete', (one) => heard.push(`delete ${one.metadata!.name}`))
  informer.on('error', (error) => {
    errors.push(error)
    // As a client does: it goes on from where it was.
    setTimeout(() => void informer.start(), 50)
  })
  return informer
}

const follows: ClientCheck = {
  name: 'an informer of client-node hears of everything, once and in order',
  async run(served) {
    const config = configOf(served)
    const core = config.makeApiClient(CoreV1Api)
    await write(core, 'a', '1')
    const heard: string[] = []
    const informer = follow(config, heard, [])
    await informer.start()
    await until('the list is heard', () => heard.length === 1)
    await write(core, 'b', '1')
    await write(core, 'a', '2')
    await core.deleteNamespacedConfigMap({ namespace, name: 'b' })
    await until('all changes are heard', () => heard.length === 4)
    expectSame('heard', ['add a 1', 'add b 1', 'update a 2', 'delete b'], heard)
    expectSame(
      'cache',
      ['a'],
      informer.list(namespace).map((one) => one.metadata!.name),
    )
    await informer.stop()
    await core.deleteNamespacedConfigMap({ namespace, name: 'a' })
  },
}

const resumes: ClientCheck = {
  name: 'a watch whose connection is lost goes on where it was: nothing lost, nothing twice',
  async run(served) {
    const direct = configOf(served).makeApiClient(CoreV1Api)
    const proxy = await startCutProxy(portOf(served))
    const heard: string[] = []
    const errors: unknown[] = []
    const informer = follow(configOf(served, proxy.port), heard, errors)
    await informer.start()
    await write(direct, 'first', '0')
    await until('the watch is open', () => heard.length === 1)
    for (let round = 1; round <= 5; round += 1) {
      await until('the watch is open again', () => errors.length === round - 1)
      if (proxy.cut() === 0) throw new Error('there was no connection to cut')
      // While nobody listens.
      await write(direct, 'first', String(round))
      await until(`change ${round} is heard`, () => heard.length === round + 1)
      await until('the loss was noticed', () => errors.length === round)
    }
    expectSame('heard', ['add first 0', ...[1, 2, 3, 4, 5].map((n) => `update first ${n}`)], heard)
    await informer.stop()
    await proxy.close()
    await direct.deleteNamespacedConfigMap({ namespace, name: 'first' })
  },
}

const expires: ClientCheck = {
  name: 'a watch from a version that is gone gets 410 Expired, and an informer lists again',
  async run(served) {
    const config = configOf(served)
    const core = config.makeApiClient(CoreV1Api)
    const events: { readonly phase: string; readonly code?: number; readonly reason?: string }[] = []
    await new Promise<void>((done) => {
      void new Watch(config).watch(
        path,
        { resourceVersion: '1' },
        (phase: string, object: { readonly code?: number; readonly reason?: string }) =>
          events.push({ phase, ...(object.code === undefined ? {} : { code: object.code, reason: object.reason }) }),
        () => done(),
      )
    })
    expectSame('events', [{ phase: 'ERROR', code: 410, reason: 'Expired' }], events)
    await write(core, 'kept', '1')
    const heard: string[] = []
    let lists = 0
    const informer = makeInformer<V1ConfigMap>(config, path, async () => {
      lists += 1
      const list = await core.listNamespacedConfigMap({ namespace, labelSelector: 'suite=clients' })
      // The first list is as old as one from before a long absence.
      return lists === 1 ? { ...list, metadata: { ...list.metadata, resourceVersion: '1' } } : list
    })
    informer.on('add', (one) => heard.push(one.metadata!.name!))
    await informer.start()
    await until('it lists a second time', () => lists === 2)
    await write(core, 'later', '1')
    await until('it follows again', () => heard.includes('later'))
    await informer.stop()
    await core.deleteNamespacedConfigMap({ namespace, name: 'kept' })
    await core.deleteNamespacedConfigMap({ namespace, name: 'later' })
  },
}

const works: ClientCheck = {
  name: 'a Deployment made by a typed client becomes Available',
  async run(served) {
    const config = configOf(served)
    const apps = config.makeApiClient(AppsV1Api)
    const labels = { app: 'typed' }
    await apps.createNamespacedDeployment({
      namespace,
      body: {
        metadata: { name: 'typed' },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } },
        },
      },
    })
    await until('2 replicas are available', async () => {
      const { status } = await apps.readNamespacedDeployment({ namespace, name: 'typed' })
      return status?.availableReplicas === 2
    })
    await apps.deleteNamespacedDeployment({ namespace, name: 'typed' })
  },
}

export const informerChecks: readonly ClientCheck[] = [follows, resumes, expires, works]
