import type { KubeObject } from '../../../api/object.ts'
import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { PolicyRule } from '../../../api/types/rbac-v1.generated.ts'
import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { Step } from '../server-context.ts'
import { badRequest, isRefusal, type Refusal } from '../status.ts'
import type { Call } from '../verbs/call.ts'
import { decodeForCreate } from '../verbs/create.ts'

const unique = (rules: readonly object[]): readonly object[] =>
  rules.filter((one, index) => rules.findIndex((other) => structuralEqual(other, one)) === index)

/** What may I do here (pkg/registry/authorization/selfsubjectrulesreview). */
export function* rulesReview(call: Call): Step<ApiResponse | Refusal> {
  const decoded = decodeForCreate(call, call.request.body)
  if (isRefusal(decoded)) return decoded
  const namespace = (decoded as { readonly spec?: { readonly namespace?: string } }).spec?.namespace ?? ''
  if (namespace === '') return badRequest('no namespace on request')
  const rules: PolicyRule[] = call.context.rulesFor(call.user, namespace).flatMap((grant) => [...grant])
  const resourceRules = rules
    .filter((rule) => (rule.resources ?? []).length > 0)
    .map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups: apiGroups ?? [],
      resources,
      ...(resourceNames === undefined || resourceNames.length === 0 ? {} : { resourceNames }),
    }))
  const nonResourceRules = rules
    .filter((rule) => (rule.nonResourceURLs ?? []).length > 0)
    .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }))
  const status = { resourceRules: unique(resourceRules), nonResourceRules: unique(nonResourceRules), incomplete: false }
  const body = { kind: decoded.kind, apiVersion: decoded.apiVersion, metadata: {}, spec: {}, status }
  return { code: 201, body: body as unknown as KubeObject }
}
