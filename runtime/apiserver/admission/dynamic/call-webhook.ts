import { goQuote } from '../../../../api/names/go-quote.ts'
import type { KubeObject } from '../../../../api/object.ts'
import type { Resource } from '../../../../api/protocol/resource.ts'
import type { ValidatingWebhook } from '../../../../api/types/admissionregistration-v1.generated.ts'
import type { ServerContext } from '../../server-context.ts'
import { badRequest, failure, internalError, type Refusal } from '../../status.ts'
import type { Attributes } from '../plugin.ts'
import type { AdmissionRequest, AdmissionResponse, WebhookReply } from '../webhook-host.ts'
import { shownObject } from './admission-object.ts'
import { requestShown } from './cel-variables.ts'

/** What came of one call: an answer, or why there is none. */
export type WebhookAnswer = { readonly response: AdmissionResponse } | { readonly error: string }

export interface Invocation {
  readonly context: ServerContext
  readonly attributes: Attributes
  readonly object: KubeObject | undefined
  readonly version: Resource
  readonly configuration: string
  readonly webhook: ValidatingWebhook
  readonly mutating: boolean
}

const review = (call: Invocation): AdmissionRequest => {
  const { context, attributes, object, version } = call
  const objects =
    attributes.operation === 'CONNECT'
      ? { object: object ?? null, oldObject: null }
      : {
          object: shownObject(attributes, object, version),
          oldObject: shownObject(attributes, attributes.old, version),
        }
  return {
    uid: context.uid(),
    ...(requestShown(attributes, version) as Omit<AdmissionRequest, 'uid' | 'object' | 'oldObject' | 'dryRun'>),
    ...objects,
    dryRun: attributes.dryRun,
    ...{ options: attributes.options ?? null },
  }
}

const callFailed = (why: string): WebhookAnswer => ({ error: `failed to call webhook: ${why}` })
const badResponse = (why: string): WebhookAnswer => ({ error: `received invalid webhook response: ${why}` })

const parseReview = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const noKind =
  'couldn\'t get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'

const decodePatch = (patch: unknown): readonly unknown[] | undefined => {
  if (typeof patch !== 'string' || patch === '') return undefined
  try {
    const bytes = Uint8Array.from(atob(patch), (letter) => letter.charCodeAt(0))
    const parsed = JSON.parse(new TextDecoder().decode(bytes)) as unknown
    return Array.isArray(parsed) ? (parsed as unknown[]) : undefined
  } catch {
    return undefined
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** VerifyAdmissionResponse of apiserver/pkg/admission/plugin/webhook/request. */
const readReview = (text: string, uid: string, mutating: boolean): WebhookAnswer => {
  const parsed = parseReview(text) as
    { apiVersion?: unknown; kind?: unknown; response?: Record<string, unknown> } | undefined
  if (typeof parsed !== 'object' || parsed === null) return callFailed(noKind)
  const [version, kind] = [textOf(parsed.apiVersion), textOf(parsed.kind)]
  if (kind === '') return callFailed(`Object 'Kind' is missing in '${text}'`)
  if (version !== 'admission.k8s.io/v1' || kind !== 'AdmissionReview')
    return callFailed(
      `no kind ${goQuote(kind)} is registered for version ${goQuote(version)} in scheme "pkg/runtime/scheme.go:111"`,
    )
  const { response } = parsed
  if (typeof response !== 'object' || response === null) return badResponse('webhook response was absent')
  if (response['uid'] !== uid)
    return badResponse(`expected response.uid=${goQuote(uid)}, got ${goQuote(textOf(response['uid']))}`)
  const patched = typeof response['patch'] === 'string' && response['patch'] !== ''
  if (!mutating && patched) return badResponse('expected response.patch to be absent for a validating webhook')
  if (patched && response['patchType'] === undefined)
    return badResponse('webhook returned response.patch but not response.patchType')
  if (patched && response['patchType'] !== 'JSONPatch')
    return badResponse(`invalid response.patchType: ${goQuote(String(response['patchType']))}`)
  const patch = decodePatch(response['patch'])
  return { response: { ...(response as unknown as AdmissionResponse), ...(patch === undefined ? {} : { patch }) } }
}

const read = (reply: WebhookReply, call: Invocation, sent: AdmissionRequest, url: string): WebhookAnswer => {
  switch (reply.kind) {
    case 'response':
      return { response: reply.response }
    case 'unreachable':
      return callFailed(`Post ${goQuote(url)}: ${reply.why}`)
    case 'http':
      if (reply.status === 404) return callFailed('the server could not find the requested resource')
      if (reply.status >= 300)
        return callFailed(`an error on the server (${goQuote(reply.text)}) has prevented the request from succeeding`)
      return readReview(reply.text, sent.uid, call.mutating)
  }
}

const urlOf = ({ clientConfig }: ValidatingWebhook): string => {
  const { service, url } = clientConfig
  if (service === undefined) return url ?? ''
  return `https://${service.name}.${service.namespace}.svc:${service.port ?? 443}${service.path ?? '/'}`
}

/** Sends a review and gives the answer once: what the server says, or that it took too long. */
export const callWebhook = (call: Invocation, done: (answer: WebhookAnswer) => void): void => {
  const { context, webhook, configuration, mutating } = call
  const { kernel, actor, settings } = context
  const seconds = webhook.timeoutSeconds ?? 10
  const base = urlOf(webhook)
  const url = `${base}?timeout=${seconds}s`
  const { service } = webhook.clientConfig
  if (service !== undefined && context.lookup('v1/Service', service.namespace, service.name) === undefined) {
    done(callFailed(`Post ${goQuote(url)}: service ${goQuote(service.name)} not found`))
    return
  }
  const sent = review(call)
  let answered = false
  const finish = (answer: WebhookAnswer): void => {
    if (answered) return
    answered = true
    kernel.cancel(timer)
    done(answer)
  }
  const timer = kernel.after(
    seconds * 1_000_000,
    actor,
    () => finish(callFailed(`Post ${goQuote(url)}: context deadline exceeded`)),
    {
      label: 'webhook timeout',
    },
  )
  const target = { configuration, webhook: webhook.name, mutating, clientConfig: webhook.clientConfig, url: base }
  if (settings.webhooks === undefined)
    finish(callFailed(`Post ${goQuote(url)}: dial tcp ${addressOf(base)}: connect: connection refused`))
  else settings.webhooks.call(target, sent, (reply) => finish(read(reply, call, sent, url)))
}

/** `127.0.0.1:1` of a URL. */
export const addressOf = (url: string): string => {
  const host = /^https?:\/\/([^/?]+)/.exec(url)?.[1] ?? url
  return /:\d+$/.test(host) ? host : `${host}:443`
}

/** ToStatusErr of apiserver/pkg/admission/plugin/webhook/errors. */
export const denial = (webhook: string, response: AdmissionResponse): Refusal => {
  const { message = '', reason = '', code = 0 } = response.status ?? {}
  const denied = `admission webhook ${goQuote(webhook)} denied the request`
  const text =
    message !== '' ? `${denied}: ${message}` : reason !== '' ? `${denied}: ${reason}` : `${denied} without explanation`
  return failure(code < 400 ? 400 : code, text, reason === '' ? {} : { reason })
}

export const callRefusal = (webhook: string, error: string): Refusal =>
  internalError(`failed calling webhook ${goQuote(webhook)}: ${error}`)

export const dryRunRefusal = (webhook: string): Refusal =>
  badRequest(`admission webhook ${goQuote(webhook)} does not support dry run`)

/** Whether a webhook may be called in a dry run. */
export const hasSideEffects = ({ sideEffects }: ValidatingWebhook): boolean =>
  (sideEffects as string) !== 'None' && (sideEffects as string) !== 'NoneOnDryRun'
