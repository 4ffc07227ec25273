import type { KubeObject } from '../../api/object.ts'
import type { ApiRequest, PatchType, RequestOptions } from '../../api/protocol/request.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { ApiResponse, ListBody } from '../../api/protocol/response.ts'
import { serveDiscovery, type DiscoveryView } from './discovery/serve-discovery.ts'
import type { Descriptions } from './openapi/type-schema.ts'
import { forbiddenText } from './authorize/authorizer.ts'
import type { RunningApiServer } from './create-api-server.ts'
import type { HttpRequest, HttpResponse } from './http-message.ts'
import { parseBody, protobufBody, type ParseYaml } from './http-body.ts'
import { impersonationOf } from './impersonation-headers.ts'
import { parseRequestInfo, type RequestInfo } from './request-info.ts'
import { listKindOf } from './list-kind.ts'
import { badRequest, failure, forbidden, isRefusal, pathNotFound, unauthorized, type Refusal } from './status.ts'
import { isBuiltinGroup, routeProblem } from './routes.ts'
import { validateWriteOptions } from './write-options.ts'
import {
  showList,
  showOne,
  wantedOf,
  type IncludeObject,
  type Representation,
  type ShowContext,
} from './representation.ts'
import { subresourceKinds } from './subresources/kinds.ts'
import { wireEvent, wireList, wireObject } from './wire.ts'

export interface HttpWatchSink {
  opened(response: HttpResponse): void
  event(event: unknown): void
  closed(): void
}

const first = (value: string | readonly string[] | undefined): string | undefined =>
  value === undefined || typeof value === 'string' ? value : value[0]

const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
}

const isTrue = (text: string | undefined): boolean => text === 'true' || text === '1'

const connecting = new Set(['log', 'exec', 'attach', 'portforward'])

const firstValues = (query: HttpRequest['query']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, first(value) ?? '']))

/** Query parameters that a verb understands. */
const optionsOf = (request: HttpRequest, info: RequestInfo & { readonly isResource: true }): RequestOptions => {
  const query = (name: string): string | undefined => first(request.query[name])
  const text = (name: string): Record<string, string> => {
    const value = query(name)
    return value === undefined || value === '' ? {} : { [name]: value }
  }
  const out: Record<string, unknown> = {
    ...text('fieldManager'),
    ...text('fieldValidation'),
    ...text('labelSelector'),
    ...text('fieldSelector'),
    ...text('continue'),
    ...text('resourceVersion'),
    ...text('resourceVersionMatch'),
  }
  if (textsOf(request.query['dryRun']).includes('All')) out['dryRun'] = true
  if (query('force') !== undefined) out['force'] = isTrue(query('force'))
  const limit = query('limit')
  if (limit !== undefined && limit !== '') out['limit'] = Number(limit)
  if (isTrue(query('allowWatchBookmarks'))) out['allowWatchBookmarks'] = true
  if (connecting.has(info.subresource)) out['parameters'] = firstValues(request.query)
  const initial = query('sendInitialEvents')
  if (initial !== undefined) out['sendInitialEvents'] = isTrue(initial)
  const timeout = query('timeoutSeconds')
  if (timeout !== undefined && timeout !== '' && info.verb === 'watch') out['timeoutSeconds'] = Number(timeout)
  return out
}

interface Parsed {
  readonly request: ApiRequest
  readonly resource: Resource
  /** What the client takes in place of the object. */
  readonly shown: Representation | undefined
  readonly include: IncludeObject
}

const wire = (server: RunningApiServer, parsed: Parsed, response: ApiResponse): HttpResponse => {
  const { request, shown: as } = parsed
  const { resource } = request
  const extra = {
    warnings: response.warnings ?? [],
    ...(response.retryAfter === undefined ? {} : { retryAfter: response.retryAfter }),
  }
  if (response.text !== undefined) return { code: response.code, text: response.text, ...extra }
  if (response.code === 204) return { code: 204, ...extra }
  const body = response.body as { readonly kind?: string; readonly items?: unknown; readonly apiVersion?: string }
  if (body.kind === 'Status' && body.apiVersion === 'v1') return { code: response.code, body, ...extra }
  if (body.items !== undefined && body.kind === listKindOf(resource)) {
    if (as !== undefined) {
      const list = showList(showContext(server, parsed), as, response.body as ListBody)
      return { code: response.code, body: list, ...extra }
    }
    return { code: response.code, body: wireList(resource, response.body as ListBody, server.managersOf), ...extra }
  }
  const own = body.kind === resource.kind && body.apiVersion === resource.apiVersion
  const shown =
    as !== undefined && own
      ? showOne(showContext(server, parsed), as, response.body as KubeObject)
      : own
        ? wireObject(resource, response.body as KubeObject, server.managersOf)
        : wireOther(server, response.body as KubeObject)
  return { code: response.code, body: shown, ...extra }
}

const showContext = (server: RunningApiServer, { resource, include }: Parsed): ShowContext => ({
  resource,
  include,
  managersOf: server.managersOf,
  now: server.pipeline.context.clock.seconds() * 1000,
})

/** A subresource's own kind (Scale, TokenRequest, Eviction). */
const wireOther = (server: RunningApiServer, object: KubeObject): unknown => {
  const id = `${object.apiVersion}/${object.kind}`
  const resource = server.scheme().byKind(id) ?? subresourceKinds.find((one) => one.id === id)
  // A Scale has the version of its object, but not its managers.
  const managersOf = object.kind === 'Scale' ? (): readonly [] => [] : server.managersOf
  return resource === undefined ? object : wireObject(resource, object, managersOf)
}

const refused = (refusal: Refusal): HttpResponse => {
  const { code, body, retryAfter } = refusal.response
  return { code, body, warnings: [], ...(retryAfter === undefined ? {} : { retryAfter }) }
}

/** Who asks for a path that is no resource, or for a resource that is not served, hears 401 and 403 first. */
const gate = (server: RunningApiServer, request: HttpRequest, info: RequestInfo): Refusal | undefined => {
  const requestor = server.pipeline.authenticate(request.credentials)
  if (requestor === undefined) return unauthorized()
  const asked = {
    user: requestor,
    verb: info.verb,
    group: info.isResource ? info.group : '',
    resource: info.isResource ? info.resource : '',
    subresource: info.isResource ? info.subresource : '',
    namespace: info.isResource ? info.namespace : undefined,
    name: info.isResource ? (info.name ?? '') : '',
    path: info.isResource ? undefined : info.path,
  }
  const wanted = impersonationOf(request.headers)
  if (isRefusal(wanted)) return wanted
  const user = wanted === undefined ? requestor : server.pipeline.impersonate(wanted, asked)
  if (isRefusal(user)) return user
  const question = { ...asked, user }
  const decision = server.pipeline.authorize(question)
  if (decision.decision === 'allow') return undefined
  return forbidden(
    { group: question.group, plural: question.resource },
    question.name,
    forbiddenText(question, decision.reason),
  )
}

const discoveryView = (server: RunningApiServer, descriptions: Descriptions | undefined): DiscoveryView => ({
  scheme: server.scheme(),
  etcdAnswers: true,
  ...(descriptions === undefined ? {} : { descriptions }),
})

const nobodysPath: HttpResponse = Object.freeze({ code: 404, text: '404 page not found\n', warnings: [] })

const textsOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined || value === '' ? [] : typeof value === 'string' ? [value] : value

/** Parameters of a write that no options can carry. */
const wrongWriteOptions = (http: HttpRequest, verb: string, apply: boolean): Refusal | undefined =>
  verb !== 'create' && verb !== 'update' && verb !== 'patch'
    ? undefined
    : validateWriteOptions({
        verb,
        apply,
        dryRun: textsOf(http.query['dryRun']),
        fieldManager: first(http.query['fieldManager']) ?? '',
        fieldValidation: first(http.query['fieldValidation']) ?? '',
        force: isTrue(first(http.query['force'])),
      })

const gateOr = (
  server: RunningApiServer,
  http: HttpRequest,
  info: RequestInfo,
  otherwise: HttpResponse,
): HttpResponse => {
  const refusal = gate(server, http, info)
  return refusal === undefined ? otherwise : refused(refusal)
}

/** crdHandler.ServeHTTP passes on what names a namespace where there is none, or none where there must be one. */
const outOfScope = (resource: Resource, info: RequestInfo & { readonly isResource: true }): boolean => {
  if (resource.custom === undefined) return false
  if (!resource.namespaced) return info.namespace !== undefined
  return info.namespace === undefined && info.verb !== 'list' && info.verb !== 'watch'
}

/** An HTTP request as the request of an in-process client, or the answer that it gets without one. */
const parse = (
  server: RunningApiServer,
  http: HttpRequest,
  parseYaml: ParseYaml,
  texts: Descriptions | undefined,
): Parsed | HttpResponse => {
  const info = parseRequestInfo(http.method, http.path, (name) => first(http.query[name]))
  if (!info.isResource) {
    const refusal = gate(server, http, info)
    if (refusal !== undefined) return refused(refusal)
    return serveDiscovery(discoveryView(server, texts), http) ?? nobodysPath
  }
  const resource = server.scheme().byPath(info.group, info.version, info.resource)
  if (resource === undefined) {
    const refusal = gate(server, http, info)
    if (refusal !== undefined) return refused(refusal)
    return isBuiltinGroup(server.scheme(), info.group) ? refused(pathNotFound()) : nobodysPath
  }
  if (outOfScope(resource, info)) return gateOr(server, http, info, nobodysPath)
  const unrouted = routeProblem(resource, info, http.method)
  if (unrouted !== undefined) return refused(gate(server, http, info) ?? unrouted)
  const wanted = wantedOf(http.headers['accept'])
  if (wanted.nothing) return refused(gate(server, http, info) ?? notAcceptable(http.headers['accept'] ?? ''))
  const contentType = (http.headers['content-type'] ?? 'application/json').split(';')[0]!.trim()
  const patchType = info.verb === 'patch' ? patchTypes[contentType] : undefined
  if (info.verb === 'patch' && patchType === undefined) {
    return refused(
      gate(server, http, info) ??
        failure(415, '415: Unsupported Media Type', { reason: 'UnsupportedMediaType', details: {} }),
    )
  }
  const malformed = malformedNumber(http)
  const include = wanted.as === 'Table' ? wrongInclude(http) : undefined
  if (include !== undefined) return refused(gate(server, http, info) ?? badRequest(include))
  if (malformed !== undefined) return refused(gate(server, http, info) ?? badRequest(malformed))
  const wrong = wrongWriteOptions(http, info.verb, patchType === 'apply')
  if (wrong !== undefined) return refused(gate(server, http, info) ?? wrong)
  const body =
    http.protobuf === undefined || info.verb === 'patch'
      ? parseBody(info.verb, contentType, http.body, parseYaml)
      : protobufBody(http.protobuf)
  if (isRefusal(body)) return refused(gate(server, http, info) ?? body)
  const impersonate = impersonationOf(http.headers)
  if (isRefusal(impersonate)) return refused(gate(server, http, info) ?? impersonate)
  const collection = info.verb === 'list' || info.verb === 'watch' || info.verb === 'deletecollection'
  const byPath = collection && info.path.split('/').pop() !== info.resource
  const request: ApiRequest = {
    verb: info.verb,
    resource,
    credentials: http.credentials,
    ...(impersonate === undefined ? {} : { impersonate }),
    userAgent: http.headers['user-agent'] ?? 'unknown',
    options: optionsOf(http, info),
    ...(info.subresource === '' ? {} : { subresource: info.subresource }),
    ...(resource.namespaced && info.namespace !== undefined ? { namespace: info.namespace } : {}),
    ...(info.name === undefined || (collection && !byPath) ? {} : { name: info.name }),
    ...(resource.plural === 'namespaces' && info.namespace !== undefined ? { name: info.namespace } : {}),
    ...(patchType === undefined ? {} : { patchType }),
    ...(body.value === undefined ? deleteQuery(http, info.verb) : { body: body.value }),
  }
  return { request, resource, shown: wanted.as, include: includeOf(http) }
}

const includeOf = (http: HttpRequest): IncludeObject => {
  const given = first(http.query['includeObject'])
  return given === 'None' || given === 'Object' ? given : 'Metadata'
}

const includes = ['', 'None', 'Metadata', 'Object']
/** validateTableOptions. Differs: upstream looks only once the object is there to be shown. */
const wrongInclude = (http: HttpRequest): string | undefined => {
  const given = first(http.query['includeObject']) ?? ''
  return includes.includes(given)
    ? undefined
    : `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(given)}: must be 'Metadata', 'Object', 'None', or empty`
}

const representations = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'

/** go-restful looks at the media type, the handlers' negotiation at its parameters. */
const notAcceptable = (accept: string): Refusal =>
  /application\/(?:json|yaml|vnd\.kubernetes\.protobuf|\*)|\*\/\*/.test(accept)
    ? failure(406, `only the following media types are accepted: ${representations}`, { reason: 'NotAcceptable' })
    : failure(406, `406: Not Acceptable\n\nAvailable representations: ${representations}`, {
        reason: 'NotAcceptable',
        details: {},
      })

/** The parameter codec's words for a number that is none. */
const malformedNumber = (http: HttpRequest): string | undefined => {
  for (const name of ['limit', 'timeoutSeconds', 'gracePeriodSeconds']) {
    const value = first(http.query[name])
    if (value !== undefined && value !== '' && !/^[+-]?\d+$/.test(value)) {
      return `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`
    }
  }
  return undefined
}

/** A DELETE without a body may carry its options as parameters. */
const deleteQuery = (http: HttpRequest, verb: string): { readonly body?: unknown } => {
  if (verb !== 'delete' && verb !== 'deletecollection') return {}
  const options: Record<string, unknown> = {}
  const policy = first(http.query['propagationPolicy'])
  if (policy !== undefined) options['propagationPolicy'] = policy
  const grace = first(http.query['gracePeriodSeconds'])
  if (grace !== undefined) options['gracePeriodSeconds'] = Number(grace)
  const orphan = first(http.query['orphanDependents'])
  if (orphan !== undefined) options['orphanDependents'] = isTrue(orphan)
  return Object.keys(options).length === 0 ? {} : { body: options }
}

export interface HttpDoor {
  readonly serve: (http: HttpRequest, reply: (response: HttpResponse) => void) => void
  readonly watch: (http: HttpRequest, sink: HttpWatchSink) => { close(): void }
}

/**
 * A server's HTTP side, in process. What a socket does comes on top, in integrations. `texts` (descriptions.json) are what
 * OpenAPI documents explain fields with.
 */
export const createHttpDoor = (server: RunningApiServer, parseYaml: ParseYaml, texts?: Descriptions): HttpDoor => ({
  serve(http, reply) {
    const parsed = parse(server, http, parseYaml, texts)
    if ('code' in parsed) reply(parsed)
    else server.serve(parsed.request, (response) => reply(wire(server, parsed, response)))
  },
  watch(http, sink) {
    const parsed = parse(server, http, parseYaml, texts)
    if ('code' in parsed) {
      sink.opened(parsed)
      return { close: () => undefined }
    }
    const { request, resource, shown } = parsed
    let headed = false
    return server.watch(request, {
      opened(response) {
        if (response === undefined) return
        sink.opened(response.code === 200 ? { code: 200, warnings: [] } : wire(server, parsed, response))
      },
      event(event) {
        if (shown === undefined || event.type === 'ERROR') {
          sink.event(wireEvent(server.scheme(), resource, event, server.managersOf))
          return
        }
        if (event.type === 'BOOKMARK') {
          const bookmark = wireEvent(server.scheme(), resource, event, server.managersOf) as {
            readonly object: KubeObject
          }
          const context = { ...showContext(server, parsed), managersOf: () => [] }
          sink.event({ type: 'BOOKMARK', object: showOne(context, shown, bookmark.object, !headed) })
          return
        }
        sink.event({ type: event.type, object: showOne(showContext(server, parsed), shown, event.object, !headed) })
        headed = true
      },
      closed: () => sink.closed(),
    })
  },
})
