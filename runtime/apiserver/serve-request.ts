import type { ApiRequest } from '../../api/protocol/request.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import { objectKey } from '../etcd/start-state.ts'
import type { Admission } from './admission/admit.ts'
import type { Authenticate } from './authenticate.ts'
import { forbiddenText, type Authorizer } from './authorize/authorizer.ts'
import { questionOf } from './authorize/question.ts'
import type { Impersonator } from './impersonate.ts'
import type { ServerContext, Step } from './server-context.ts'
import { deprecationOf } from './machinery.ts'
import { forbidden, isRefusal, methodNotAllowed, notFound, pathNotFound, unauthorized, type Refusal } from './status.ts'
import { reviewOf } from './reviews/registry.ts'
import { binding } from './subresources/binding.ts'
import { subresourceOf } from './subresources/registry.ts'
import { noOptions, type Call } from './verbs/call.ts'
import { create } from './verbs/create.ts'
import { deleteCollection } from './verbs/delete-collection.ts'
import { deleteVerb } from './verbs/delete.ts'
import { get } from './verbs/get.ts'
import { list } from './verbs/list.ts'
import { patch } from './verbs/patch.ts'
import { update } from './verbs/update.ts'

/** The gates and tools of one server process. */
export interface Pipeline {
  readonly context: ServerContext
  readonly authenticate: Authenticate
  readonly authorize: Authorizer
  readonly impersonate: Impersonator
  readonly admission: Admission
}

export interface Opened {
  readonly call: Call | undefined
  readonly user: string
  readonly refusal: Refusal | undefined
  readonly reached: 'authentication' | 'authorization'
}

/** Authentication and authorization: who asks, and whether they may. */
export const openCall = (pipeline: Pipeline, request: ApiRequest, warnings: string[]): Opened => {
  const { context } = pipeline
  const requestor = pipeline.authenticate(request.credentials)
  if (requestor === undefined) return { call: undefined, user: '', refusal: unauthorized(), reached: 'authentication' }
  const wanted = request.impersonate
  const user = wanted === undefined ? requestor : pipeline.impersonate(wanted, questionOf(request, requestor))
  if (isRefusal(user)) return { call: undefined, user: requestor.name, refusal: user, reached: 'authorization' }
  const question = questionOf(request, user)
  const decision = pipeline.authorize(question)
  if (decision.decision !== 'allow') {
    const refusal = forbidden(request.resource, question.name, forbiddenText(question, decision.reason))
    return { call: undefined, user: user.name, refusal, reached: 'authorization' }
  }
  const deprecation = deprecationOf(request.resource)
  if (deprecation !== undefined) warnings.push(deprecation)
  const call: Call = {
    context,
    admission: pipeline.admission,
    authorize: pipeline.authorize,
    request,
    options: request.options ?? noOptions,
    resource: request.resource,
    stored: context.stored(request.resource),
    subresource: request.subresource ?? '',
    namespace: request.namespace,
    user,
    warn: (text) => warnings.push(text),
    progress: 'authorization',
  }
  return { call, user: user.name, refusal: undefined, reached: 'authorization' }
}

const verbs: Readonly<Record<string, (call: Call) => Step<ApiResponse | Refusal>>> = {
  create,
  get,
  list,
  update,
  patch,
  delete: deleteVerb,
  deletecollection: deleteCollection,
}

const methods: Readonly<Record<string, string>> = {
  create: 'POST',
  get: 'GET',
  list: 'GET',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
}

/** What a request comes to, once it is let in. */
export function* serveCall(call: Call): Step<ApiResponse> {
  const answer = yield* dispatch(call)
  return isRefusal(answer) ? answer.response : answer
}

/** Subresources that lead to a kubelet or a process. Differs: none is served, nor is there anything to log. */
const connectors = new Set(['attach', 'exec', 'log', 'portforward', 'proxy'])

function* dispatch(call: Call): Step<ApiResponse | Refusal> {
  const { request, resource, subresource } = call
  const elsewhere = resource.etcdPrefix === '' ? call.context.settings.aggregated?.(request) : undefined
  if (elsewhere !== undefined) return elsewhere
  if (subresource !== '') {
    const special = subresourceOf(resource, subresource)
    if (special !== undefined) {
      const handler = special[request.verb as 'get' | 'create' | 'update' | 'patch']
      return handler === undefined ? methodNotServed(call) : yield* handler(call)
    }
    if (!resource.subresources.includes(subresource)) {
      return resource.custom === undefined ? pathNotFound() : notFound(resource, request.name ?? '')
    }
    if (connectors.has(subresource)) {
      const object = call.context.etcd.get(call.stored, objectKey(call.stored, call.namespace, request.name ?? ''))
      return object === undefined ? notFound(resource, request.name ?? '') : pathNotFound()
    }
    if (request.verb !== 'get' && request.verb !== 'update' && request.verb !== 'patch') return methodNotServed(call)
  } else if (!resource.verbs.includes(request.verb)) return methodNotServed(call)
  if (subresource === '' && request.verb === 'create') {
    if (resource.id === 'v1/Binding') {
      const pods = call.context.scheme().byKind('v1/Pod')!
      return yield* binding.create({ ...call, resource: pods, stored: pods })
    }
    const review = reviewOf(resource.id)
    if (review !== undefined) return yield* review(call)
  }
  const handler = verbs[request.verb]
  return handler === undefined ? methodNotServed(call) : yield* handler(call)
}

const methodNotServed = (call: Call): Refusal =>
  methodNotAllowed(call.resource, methods[call.request.verb] ?? call.request.verb)
