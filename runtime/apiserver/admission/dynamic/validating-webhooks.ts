import { outside, type ServerContext, type Step } from '../../server-context.ts'
import { isRefusal, type Refusal } from '../../status.ts'
import {
  callRefusal,
  callWebhook,
  denial,
  dryRunRefusal,
  hasSideEffects,
  type Invocation,
  type WebhookAnswer,
} from './call-webhook.ts'
import { compiledObjects } from './configurations.ts'
import { concerns, hooksOf, type Concern, type Hook } from './hooks.ts'

export const validatingHooks: (context: ServerContext) => readonly (readonly Hook[])[] = compiledObjects(
  'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration',
  hooksOf,
)

/** plugin/webhook/validating/dispatcher.go: all at once; who says no first decides. */
export function* callValidatingWebhooks(concern: Concern): Step<Refusal | undefined> {
  const { context, attributes, object } = concern
  const calls: Invocation[] = []
  for (const hook of validatingHooks(context).flat()) {
    const version = concerns(hook, concern)
    if (version === undefined) continue
    if (isRefusal(version)) return version
    if (attributes.dryRun && hasSideEffects(hook.webhook)) return dryRunRefusal(hook.webhook.name)
    calls.push({
      context,
      attributes,
      object,
      version,
      configuration: hook.configuration,
      webhook: hook.webhook,
      mutating: false,
    })
  }
  if (calls.length === 0) return undefined
  const answers = yield* outside<readonly (readonly [Invocation, WebhookAnswer])[]>((resume) => {
    const arrived: (readonly [Invocation, WebhookAnswer])[] = []
    for (const call of calls) {
      callWebhook(call, (answer) => {
        arrived.push([call, answer])
        if (arrived.length === calls.length) resume(arrived)
      })
    }
  })
  // Warnings in the order of the webhooks, whoever was faster.
  for (const call of calls) {
    const answer = answers.find(([one]) => one === call)![1]
    if ('response' in answer) for (const warning of answer.response.warnings ?? []) attributes.warn(warning)
  }
  for (const [{ webhook }, answer] of answers) {
    if ('error' in answer) {
      if (webhook.failurePolicy !== 'Ignore') return callRefusal(webhook.name, answer.error)
    } else if (!answer.response.allowed) return denial(webhook.name, answer.response)
  }
  return undefined
}
