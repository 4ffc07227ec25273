import type { KubeObject } from '../../api/object.ts'
import type { ContainerLogSource } from './container-log-source.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { ManagedFieldsEntry } from '../../api/types/meta-v1.generated.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { Heartbeats } from '../client/heartbeats.ts'
import type { Etcd } from '../etcd/etcd.ts'
import { startFiber, type Fiber } from '../kernel/fiber.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Trace } from '../kernel/trace.ts'
import type { RequestNote } from '../record/request-note.ts'
import type { WebhookHost } from './admission/webhook-host.ts'
import type { ApiServer, ServerWatch, ServerWatchSink } from './api-server.ts'
import { startDefinitionControllers } from './custom-resources/definition-controllers.ts'
import { requestNote, requestSubject } from './request-note.ts'
import { createFlights, type FlightLimits, type Flights } from './flights.ts'
import { openCall, serveCall, type Pipeline } from './serve-request.ts'
import type { Wait } from './server-context.ts'
import { createProcess, type ServerProcess } from './server-process.ts'
import { isRefusal } from './status.ts'
import type { UserInfo } from './user-info.ts'
import type { Call } from './verbs/call.ts'
import { openWatch, type OpenWatch } from './verbs/watch.ts'

export interface ApiServerOptions {
  readonly kernel: Kernel
  readonly trace: Trace
  readonly etcd: Etcd
  readonly name: string
  readonly scheme: Scheme
  /** From a request's arrival until its storage step; etcd's time comes on top. */
  readonly latency: Micros
  /** From a commit until this server's watch cache, and its watchers, hear of it. */
  readonly watchDelay: Micros
  readonly features?: Readonly<Record<string, boolean>>
  readonly options?: ApiServerSettings
}

export interface ApiServerSettings {
  /** `enable-admission-plugins`, `disable-admission-plugins`: added to and taken from the default ones. */
  readonly enableAdmission?: readonly string[]
  readonly disableAdmission?: readonly string[]
  /** `service-cluster-ip-range` */
  readonly serviceRange?: string
  /** `max-requests-inflight`, `max-mutating-requests-inflight` */
  readonly flights?: FlightLimits
  readonly heartbeats?: Heartbeats
  /** Servers that answer admission webhooks. */
  readonly webhooks?: WebhookHost
  /** Servers behind this one that serve groups of their own (kube-aggregator); undefined: no such group. */
  readonly aggregated?: (request: ApiRequest) => ApiResponse | undefined
  /** The logs that kubelets serve. */
  readonly containerLogs?: ContainerLogSource
  /** Static bearer tokens. */
  readonly tokens?: ReadonlyMap<string, UserInfo>
  /** Uid and suffix of an object with a generated name, instead of drawn ones (a recorded run played again). */
  readonly identify?: (object: KubeObject) => { readonly uid: string; readonly suffix: string } | undefined
  /** Everybody may do everything, as with `authorization-mode=AlwaysAllow`. */
  readonly alwaysAllow?: boolean
}

/** A server, with what the HTTP door and the tests need beyond the contract. */
export interface RunningApiServer extends ApiServer {
  /** Resources served now, custom ones included. */
  scheme(): Scheme
  /** managedFields of an object that this server gave out, derived now. */
  readonly managersOf: (object: KubeObject) => readonly ManagedFieldsEntry[]
  readonly pipeline: Pipeline
}

/** A year: more than any clock here runs. */
const longestWatch = 365 * 86_400

export const createApiServer = (options: ApiServerOptions): RunningApiServer => {
  const { kernel, trace, latency } = options
  const actor = kernel.actor(options.name)
  let server: ServerProcess = createProcess(options)
  let up = true
  const fibers = new Set<Fiber>()
  const watches = new Set<OpenWatch>()

  const answer = (
    request: ApiRequest,
    response: ApiResponse,
    ...[user, reached, sentAt, reply]: readonly [
      string,
      RequestNote['reached'],
      number,
      (response: ApiResponse) => void,
    ]
  ): void => {
    kernel.cause = trace.append(
      'request',
      actor,
      request.verb,
      requestSubject(request, response),
      requestNote(request, response, user, reached, sentAt),
    )
    reply(response)
  }

  /** Runs a step generator to its end, with etcd's and the caches' answers fed back. */
  const run = <A>(steps: Generator<Wait, A, unknown>, finished: (result: A) => void): void => {
    const { etcd } = options
    // A fiber may end before its name is known.
    const slot: { fiber?: Fiber } = {}
    const fiber = startFiber(steps, {
      perform(wait, resume) {
        switch (wait.wait) {
          case 'txn':
            etcd.txn(wait.txn, resume)
            return
          case 'barrier':
            etcd.barrier(resume)
            return
          case 'fresh':
            wait.cache.whenFresh(wait.revision, () => resume(undefined))
            return
          case 'outside':
            wait.start(resume)
        }
      },
      finished(result) {
        if (slot.fiber !== undefined) fibers.delete(slot.fiber)
        finished(result)
      },
    })
    slot.fiber = fiber
    if (!fiber.done) fibers.add(fiber)
  }

  const flightsOf = (): Flights | undefined => {
    const limits = options.options?.flights
    return limits === undefined ? undefined : createFlights(limits)
  }
  let flights = flightsOf()

  const begin = (request: ApiRequest, sentAt: number, reply: (response: ApiResponse) => void): void => {
    const warnings: string[] = []
    const { call, user, refusal, reached } = openCall(server.pipeline, request, warnings)
    if (call === undefined) {
      answer(request, refusal!.response, user, reached, sentAt, reply)
      return
    }
    run(serveCall(call), (response) => {
      const final = warnings.length === 0 ? response : { ...response, warnings: [...new Set(warnings)] }
      answer(request, final, user, call.progress, sentAt, reply)
    })
  }

  /** A process begins: what it does by itself begins with it. */
  const begun = (process: ServerProcess): void => {
    startDefinitionControllers(process.pipeline.context, run, () => up && process === server)
  }
  begun(server)

  const later = (run: () => void): void => {
    const cause = kernel.cause
    const process = server
    if (latency === 0) {
      run()
      kernel.cause = cause
      return
    }
    kernel.after(latency, actor, () => {
      if (up && process === server) run()
    })
  }

  const openFor = (
    request: ApiRequest,
    sink: ServerWatchSink,
    handle: { closed: boolean; watch: OpenWatch | undefined },
  ): void => {
    const { call, refusal } = openCall(server.pipeline, request, [])
    if (call === undefined) {
      sink.opened(refusal!.response)
      return
    }
    run(openWatch(call satisfies Call, sink), (opened) => {
      if (isRefusal(opened)) {
        sink.opened(opened.response)
        return
      }
      if (handle.closed) opened.close()
      else {
        handle.watch = opened
        watches.add(opened)
        const seconds = request.options?.timeoutSeconds
        if (seconds !== undefined && seconds > 0) {
          kernel.after(
            Math.min(seconds, longestWatch) * 1_000_000,
            actor,
            () => watches.delete(opened) && opened.end(),
            {
              tag: 'housekeeping',
              label: 'watch timeout',
            },
          )
        }
      }
    })
  }

  return {
    name: options.name,
    get pipeline() {
      return server.pipeline
    },
    scheme: () => server.pipeline.context.scheme(),
    managersOf: (object) => server.pipeline.context.ledger.managersOf(object),
    start() {
      if (up) return
      server = createProcess(options)
      flights = flightsOf()
      up = true
      begun(server)
    },
    stop() {
      if (!up) return
      up = false
      for (const fiber of fibers) fiber.abandon()
      fibers.clear()
      const open = [...watches]
      watches.clear()
      for (const watch of open) watch.end()
      server.close()
    },
    serve(request, reply) {
      if (!up) return
      const sentAt = kernel.now
      if (flights === undefined) {
        later(() => begin(request, sentAt, reply))
        return
      }
      const user = server.pipeline.authenticate(request.credentials)
      const entered = flights.enter(request, user)
      if (typeof entered !== 'function') {
        answer(request, entered.response, user?.name ?? '', 'authentication', sentAt, reply)
        return
      }
      later(() =>
        begin(request, sentAt, (response) => {
          entered()
          reply(response)
        }),
      )
    },
    watch(request, sink): ServerWatch {
      const handle: { closed: boolean; watch: OpenWatch | undefined } = { closed: false, watch: undefined }
      if (up) later(() => openFor(request, sink, handle))
      return {
        close() {
          handle.closed = true
          if (handle.watch !== undefined) {
            watches.delete(handle.watch)
            handle.watch.close()
          }
        },
      }
    },
  }
}
