import bootstrap from '../../../api/schema/data/bootstrap-apiserver.json' with { type: 'json' }
import type { KubeObject } from '../../../api/object.ts'
import { builtinScheme } from '../../../api/scheme/builtin-scheme.ts'
import { doorRequest } from '../../../integrations/http/door-request.ts'
import { jsonText } from '../../../integrations/http/json-text.ts'
import { parseTarget } from '../../../integrations/http/parse-target.ts'
import { parseYaml } from '../../../integrations/http/parse-yaml.ts'
import { createApiServer } from '../../../runtime/apiserver/create-api-server.ts'
import { createHttpDoor, type HttpDoor } from '../../../runtime/apiserver/http-door.ts'
import type { HttpResponse } from '../../../runtime/apiserver/http-message.ts'
import { uuidOf } from '../../../runtime/apiserver/uids.ts'
import type { UserInfo } from '../../../runtime/apiserver/user-info.ts'
import { createEtcd } from '../../../runtime/etcd/create-etcd.ts'
import { createStartState, type StartState } from '../../../runtime/etcd/start-state.ts'
import { createKernel } from '../../../runtime/kernel/kernel.ts'

export interface FuzzedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
}

/** What came of a request: an answer, or why there was none. */
export type Answered =
  { readonly answer: HttpResponse; readonly text: string; readonly events: number } | { readonly missing: string }

export interface FuzzWorld {
  send(request: FuzzedRequest): Answered
  /** An object that was there from the start and that no request may have touched. */
  canary(): string
}

const second = 1_000_000
const users = new Map<string, UserInfo>([
  ['admin', { name: 'admin', uid: '', groups: ['system:masters', 'system:authenticated'], extra: {} }],
  ['alice', { name: 'alice', uid: '', groups: ['developers', 'system:authenticated'], extra: {} }],
])

let start: StartState | undefined
const startState = (): StartState => {
  const canary = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'canary', namespace: 'kube-public' },
    data: { alive: 'yes' },
  }
  const objects = [
    ...(bootstrap as readonly { readonly object: KubeObject }[]).map((one) => one.object),
    canary as unknown as KubeObject,
  ]
  start ??= createStartState(
    objects.map((object, index) => ({
      resource: builtinScheme().byKind(`${object.apiVersion}/${object.kind}`)!,
      object: {
        ...object,
        metadata: { ...object.metadata, uid: uuidOf(9, index), creationTimestamp: '2025-12-31T23:00:00Z' },
      },
    })),
  )
  return start
}

/** An API server and its door, as `kscn serve` has them, without a socket. */
export const createFuzzWorld = (wrap: (door: HttpDoor) => HttpDoor): FuzzWorld => {
  const kernel = createKernel({ seed: 'fuzz', epoch: Date.UTC(2026, 0, 1) * 1000, startAt: -10 * second })
  let entries = 0
  const trace = { append: () => (entries += 1) }
  const etcd = createEtcd({ kernel, trace, name: 'etcd/0', fsync: 0, start: startState() })
  const server = createApiServer({
    kernel,
    trace,
    etcd,
    name: 'apiserver/0',
    scheme: builtinScheme(),
    latency: 0,
    watchDelay: 0,
    options: { tokens: users },
  })
  const door = wrap(createHttpDoor(server, parseYaml))

  const settle = (done: () => boolean): void => {
    const deadline = kernel.now + 120 * second
    while (!done() && kernel.step(deadline)) continue
  }

  const send = ({ method, url, headers, bytes }: FuzzedRequest): Answered => {
    const target = parseTarget(url)
    // The socket's side refuses it before the door.
    if (target === undefined)
      return { answer: { code: 400, text: '400 Bad Request', warnings: [] }, text: '', events: 0 }
    const bearer = /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1]
    if (bearer === undefined) return { answer: { code: 401, text: '', warnings: [] }, text: '', events: 0 }
    const carried = { headers, bytes, credentials: { kind: 'token', token: bearer } as const }
    const { http, watch } = doorRequest(method, target, carried)
    const answers: HttpResponse[] = []
    let events = 0
    if (watch) {
      const handle = door.watch(http, {
        opened: (answer) => answers.push(answer),
        event(event) {
          events += 1
          jsonText(event)
        },
        closed: () => undefined,
      })
      settle(() => answers.length > 0)
      handle.close()
    } else {
      door.serve(http, (answer) => answers.push(answer))
      settle(() => answers.length > 0)
    }
    const [answer] = answers
    if (answer === undefined || answers.length > 1) return { missing: `${answers.length} answers` }
    return { answer, text: answer.body === undefined ? (answer.text ?? '') : jsonText(answer.body), events }
  }

  return {
    send,
    canary() {
      const found = send({
        method: 'GET',
        url: '/api/v1/namespaces/kube-public/configmaps/canary',
        headers: { authorization: 'Bearer admin' },
        bytes: Buffer.alloc(0),
      })
      return 'missing' in found ? found.missing : `${found.answer.code} ${found.text}`
    },
  }
}
