import { builtinScheme } from '../../api/scheme/builtin-scheme.ts'
import { applyMergePatch } from '../../api/patch/merge-patch.ts'
import type { WebhookDenial, WebhookSpec } from '../../dsl/plan/cluster-spec.ts'
import type {
  AdmissionRequest,
  AdmissionResponse,
  WebhookHost,
  WebhookTarget,
} from '../apiserver/admission/webhook-host.ts'
import { addressOf } from '../apiserver/admission/dynamic/call-webhook.ts'
import type { World } from './world.ts'

const group = 'admissionregistration.k8s.io'

const globOf = (glob: string): RegExp =>
  new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`)

interface Shape {
  readonly metadata?: {
    readonly name?: string
    readonly generateName?: string
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly spec?: PodShape & {
    readonly template?: { readonly spec?: PodShape }
    readonly jobTemplate?: { readonly spec?: { readonly template?: { readonly spec?: PodShape } } }
  }
}
interface PodShape {
  readonly containers?: readonly { readonly image?: string }[]
  readonly initContainers?: readonly { readonly image?: string }[]
  readonly ephemeralContainers?: readonly { readonly image?: string }[]
}

const imagesOf = ({ spec }: Shape): readonly string[] => {
  const pod = spec?.template?.spec ?? spec?.jobTemplate?.spec?.template?.spec ?? spec
  return [...(pod?.initContainers ?? []), ...(pod?.containers ?? []), ...(pod?.ephemeralContainers ?? [])].map(
    (one) => one.image ?? '',
  )
}

/** Whether a `deny` line speaks of an object. */
const denies = ({ field, glob }: WebhookDenial, object: Shape): boolean => {
  const pattern = globOf(glob)
  switch (field) {
    case 'all':
      return true
    case 'name':
      return pattern.test(object.metadata?.name ?? object.metadata?.generateName ?? '')
    case 'label':
      return Object.entries(object.metadata?.labels ?? {}).some(
        ([key, value]) => pattern.test(`${key}=${value}`) || pattern.test(key),
      )
    case 'image':
      return imagesOf(object).some((image) => pattern.test(image))
  }
}

const isOperation = (one: unknown): boolean => typeof one === 'object' && one !== null && 'op' in one && 'path' in one

/** Operations of a JSON patch as they stand; anything else is a part of the object, merged in. */
const patchFor = (spec: WebhookSpec, object: object): readonly unknown[] => {
  const operations = spec.patch.flatMap((one) => (Array.isArray(one) ? (one as unknown[]) : [one]))
  if (operations.every(isOperation)) return operations
  const merged = operations.reduce<object>(
    (document, part) => applyMergePatch(document, part as Readonly<Record<string, unknown>>),
    object,
  )
  return Object.entries(merged)
    .filter(([key, value]) => (object as Readonly<Record<string, unknown>>)[key] !== value)
    .map(([key, value]) => ({
      op: 'add',
      path: `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      value: value as unknown,
    }))
}

const judge = (spec: WebhookSpec, target: WebhookTarget, request: AdmissionRequest): AdmissionResponse => {
  const object = (request.object ?? request.oldObject ?? {}) as Shape
  const denial = spec.deny.find((one) => denies(one, object))
  if (denial !== undefined)
    return {
      allowed: false,
      status: {
        code: 403,
        reason: 'Forbidden',
        message: denial.message === '' ? `${denial.field} ${denial.glob} is not allowed` : denial.message,
      },
    }
  if (!target.mutating || request.object === null) return { allowed: true }
  return { allowed: true, patch: patchFor(spec, object) }
}

/**
 * The `webhook` blocks as servers outside the cluster. One answers for the configuration of its name; what no block is named
 * after is allowed. A cut between an API server and `webhook/NAME` leaves it waiting.
 */
export const createWebhookHost = (world: World, server: string): WebhookHost => {
  const { kernel, network, spec } = world
  return {
    call(target, request, reply) {
      const own = spec.webhooks.find((one) => one.name === target.configuration)
      if (own === undefined) {
        const local = target.clientConfig.service !== undefined
        if (local) reply({ kind: 'response', response: { allowed: true } })
        else reply({ kind: 'unreachable', why: `dial tcp ${addressOf(target.url)}: connect: connection refused` })
        return
      }
      if (!network.reachable([server], [`webhook/${own.name}`])) return
      const answer = (): void => reply({ kind: 'response', response: judge(own, target, request) })
      if (own.latency === 0) answer()
      else kernel.after(own.latency, kernel.actor(`webhook/${own.name}`), answer)
    },
  }
}

/** The configurations of the blocks that register themselves. */
export const webhookObjects = (webhooks: readonly WebhookSpec[]): readonly object[] =>
  webhooks
    .filter((spec) => spec.on.length > 0)
    .map((spec) => {
      const mutating = spec.patch.length > 0
      return {
        apiVersion: `${group}/v1`,
        kind: mutating ? 'MutatingWebhookConfiguration' : 'ValidatingWebhookConfiguration',
        metadata: { name: spec.name },
        webhooks: [
          {
            name: `${spec.name}.webhooks.kscn`,
            clientConfig: { url: `https://${spec.name}.webhooks.kscn/` },
            rules: spec.on.map(({ resource, operations }) => {
              const found = builtinScheme().byName(resource)
              return {
                operations,
                apiGroups: [found?.group ?? resource.split('.').slice(1).join('.')],
                apiVersions: ['*'],
                resources: [found?.plural ?? resource.split('.')[0]!],
                scope: '*',
              }
            }),
            failurePolicy: spec.failurePolicy ?? 'Fail',
            matchPolicy: 'Equivalent',
            namespaceSelector: {},
            objectSelector: {},
            sideEffects: 'None',
            timeoutSeconds: Math.max(1, Math.round((spec.timeout ?? 10_000_000) / 1_000_000)),
            admissionReviewVersions: ['v1'],
            ...(mutating ? { reinvocationPolicy: 'Never' } : {}),
          },
        ],
      }
    })
