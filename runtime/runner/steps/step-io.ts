import { objectSubject } from '../../../api/object-key.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest, Credentials, PatchType, RequestOptions, Verb } from '../../../api/protocol/request.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { ScriptContext } from '../track.ts'
import type { Script } from '../wait.ts'
import { refusalOf, type Refusal } from './refusal.ts'

/** One object that a step acts on. */
export interface Target {
  readonly resource: Resource
  readonly namespace: string | undefined
  readonly name: string
}

export interface Send {
  readonly verb: Verb
  readonly target: Target
  readonly subresource?: string
  readonly body?: unknown
  readonly patchType?: PatchType
  readonly options?: RequestOptions
  /** What kubectl calls it: told as the hop `kubectl:<action>`. */
  readonly action?: string
}

/** How a step talks to the API server: as kubectl does, under the step's identity. */
export interface StepIo {
  readonly context: ScriptContext
  readonly refusals: Refusal[]
  /** Requests that went through. */
  done: number
  request(send: Send): ApiRequest
  /** Sends; a refusal is noted, and undefined returned. */
  send(send: Send): Script<KubeObject | undefined>
  answer(send: Send): Script<ApiResponse>
}

export const targetSubject = (target: Target): string => objectSubject(target.resource, target.namespace, target.name)

export const createStepIo = (context: ScriptContext, credentials: Credentials): StepIo => {
  const { run, track } = context
  const request = (send: Send): ApiRequest => ({
    verb: send.verb,
    resource: send.target.resource,
    credentials,
    userAgent: 'kubectl',
    ...(send.subresource === undefined ? {} : { subresource: send.subresource }),
    ...(send.target.namespace === undefined ? {} : { namespace: send.target.namespace }),
    ...((send.verb === 'create' && send.subresource === undefined) || send.verb === 'list'
      ? {}
      : { name: send.target.name }),
    ...(send.body === undefined ? {} : { body: send.body }),
    ...(send.patchType === undefined ? {} : { patchType: send.patchType }),
    ...(send.options === undefined ? {} : { options: send.options }),
  })
  const tell = (send: Send): void => {
    if (send.action === undefined) return
    const { kernel, timeline } = run.cluster
    kernel.cause = timeline.append('hop', track.actor, `kubectl:${send.action}`, targetSubject(send.target))
  }
  const io: StepIo = {
    context,
    refusals: [],
    done: 0,
    request(send) {
      tell(send)
      return request(send)
    },
    *answer(send) {
      tell(send)
      return (yield { kind: 'request', request: request(send) }) as ApiResponse
    },
    *send(send) {
      const response = yield* io.answer(send)
      const refusal = refusalOf(response, targetSubject(send.target))
      if (refusal !== undefined) {
        io.refusals.push(refusal)
        return undefined
      }
      io.done += 1
      return response.body as KubeObject
    },
  }
  return io
}
