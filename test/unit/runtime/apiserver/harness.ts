import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import type { ApiRequest, Credentials, Verb } from '../../../../api/protocol/request.ts'
import type { ApiResponse } from '../../../../api/protocol/response.ts'
import {
  createApiServer,
  type ApiServerOptions,
  type RunningApiServer,
} from '../../../../runtime/apiserver/create-api-server.ts'
import { createEtcd } from '../../../../runtime/etcd/create-etcd.ts'
import type { Etcd } from '../../../../runtime/etcd/etcd.ts'
import { createKernel, type Kernel } from '../../../../runtime/kernel/kernel.ts'
import type { Trace } from '../../../../runtime/kernel/trace.ts'

export const admin: Credentials = { kind: 'certificate', commonName: 'admin', organizations: ['system:masters'] }

export interface Entry {
  readonly kind: string
  readonly action: string
  readonly subject: string
  readonly cause: number
  readonly data: unknown
}

export interface World {
  readonly kernel: Kernel
  readonly etcd: Etcd
  readonly server: RunningApiServer
  readonly entries: Entry[]
  readonly request: (verb: Verb, kind: string, rest?: Partial<ApiRequest>) => ApiResponse
}

export const createWorld = (options: Partial<ApiServerOptions> & { readonly fsync?: number } = {}): World => {
  const kernel = createKernel({ seed: '1', epoch: 1_735_689_600_000_000 })
  const entries: Entry[] = []
  const trace: Trace = {
    append(...[kind, , action, subject, data]) {
      entries.push({ kind, action, subject, data, cause: kernel.cause })
      return entries.length - 1
    },
  }
  const scheme = builtinScheme()
  const etcd = createEtcd({ kernel, trace, name: 'etcd/0', fsync: options.fsync ?? 0 })
  const server = createApiServer({
    kernel,
    trace,
    etcd,
    name: 'apiserver/0',
    scheme,
    latency: 0,
    watchDelay: 0,
    ...options,
  })
  const request = (verb: Verb, kind: string, rest: Partial<ApiRequest> = {}): ApiResponse => {
    let answer: ApiResponse | undefined
    server.serve(
      { verb, resource: scheme.byKind(kind)!, credentials: admin, userAgent: 'test/1', ...rest },
      (response) => (answer = response),
    )
    while (answer === undefined && kernel.step(Number.MAX_SAFE_INTEGER));
    if (answer === undefined) throw new Error('no answer')
    return answer
  }
  return { kernel, etcd, server, entries, request }
}
