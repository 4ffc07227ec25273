import { decode } from '../../../../api/decode/decode.ts'
import { structuralEqual } from '../../../../api/json/structural-equal.ts'
import type { KubeObject } from '../../../../api/object.ts'
import { applyJsonPatch } from '../../../../api/patch/json-patch.ts'
import type { Resource } from '../../../../api/protocol/resource.ts'
import { convert } from '../../convert.ts'
import { applyDefaults } from '../../machinery.ts'
import { outside, type ServerContext, type Step } from '../../server-context.ts'
import { internalError, isRefusal, type Refusal } from '../../status.ts'
import type { Attributes } from '../plugin.ts'
import { shownObject } from './admission-object.ts'
import { callRefusal, callWebhook, denial, dryRunRefusal, hasSideEffects, type WebhookAnswer } from './call-webhook.ts'
import { compiledObjects } from './configurations.ts'
import { concerns, hooksOf, type Concern, type Hook } from './hooks.ts'

export const mutatingHooks: (context: ServerContext) => readonly (readonly Hook[])[] = compiledObjects(
  'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration',
  hooksOf,
)

/** A patched form of what was shown, decoded and defaulted again, as stored. */
export const takeOver = (attributes: Attributes, patched: unknown, version: Resource): KubeObject | Refusal => {
  const own = attributes.kind ?? version
  const decoded = decode(own, patched, { fieldValidation: 'Ignore' })
  if (!decoded.ok) {
    const why = /(json: cannot unmarshal.*)$/.exec(decoded.message)?.[1] ?? decoded.message
    return internalError(why)
  }
  const { managedFields: _, ...metadata } = decoded.object.metadata ?? {}
  const bare = { ...decoded.object, metadata: metadata as KubeObject['metadata'] }
  return attributes.kind === undefined ? convert(version, attributes.resource, applyDefaults(version, bare)) : bare
}

const patched = (
  attributes: Attributes,
  object: KubeObject,
  version: Resource,
  operations: readonly unknown[],
): KubeObject | Refusal => {
  const shown = shownObject(attributes, object, version)
  const result = applyJsonPatch(shown as object, operations)
  return 'document' in result ? takeOver(attributes, result.document, version) : internalError(result.error)
}

/** What a pass over the mutating webhooks has learned, for the pass after it. */
export interface Invoked {
  /** Hooks that asked to be called again where somebody after them changes the object. */
  readonly eligible: Set<Hook>
  readonly again: Set<Hook>
  output: KubeObject | undefined
  changed: boolean
}

export const nothingInvoked = (): Invoked => ({
  eligible: new Set(),
  again: new Set(),
  output: undefined,
  changed: false,
})

const requireAgain = (invoked: Invoked): void => {
  for (const hook of invoked.eligible) invoked.again.add(hook)
  invoked.eligible.clear()
}

/** plugin/webhook/mutating/dispatcher.go: one after the other, in the order of their configurations' names. */
export function* callMutatingWebhooks(
  concern: Concern & { readonly object: KubeObject },
  invoked: Invoked,
  second: boolean,
): Step<KubeObject | Refusal> {
  const { context, attributes } = concern
  let { object } = concern
  if (second && invoked.output !== undefined && !structuralEqual(invoked.output, object)) requireAgain(invoked)
  for (const hook of mutatingHooks(context).flat()) {
    const { webhook } = hook
    if (second && !invoked.again.has(hook)) continue
    const version = concerns(hook, { ...concern, object })
    if (version === undefined) continue
    if (isRefusal(version)) return version
    if (attributes.dryRun && hasSideEffects(webhook)) return dryRunRefusal(webhook.name)
    const current = object
    const answer: WebhookAnswer = yield* outside((resume: (answer: WebhookAnswer) => void) =>
      callWebhook(
        { context, attributes, object: current, version, configuration: hook.configuration, webhook, mutating: true },
        resume,
      ),
    )
    if ('error' in answer) {
      if (webhook.failurePolicy !== 'Ignore') return callRefusal(webhook.name, answer.error)
      continue
    }
    const { response } = answer
    for (const warning of response.warnings ?? []) attributes.warn(warning)
    if (!response.allowed) return denial(webhook.name, response)
    if (response.patch !== undefined && response.patch.length > 0) {
      const next = patched(attributes, object, version, response.patch)
      if (isRefusal(next)) return next
      if (!structuralEqual(next, object)) {
        object = next
        invoked.changed = true
        requireAgain(invoked)
      }
    }
    if (webhook.reinvocationPolicy === 'IfNeeded') invoked.eligible.add(hook)
  }
  invoked.output = object
  return object
}
