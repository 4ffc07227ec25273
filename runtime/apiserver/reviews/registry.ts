import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { Step } from '../server-context.ts'
import type { Refusal } from '../status.ts'
import type { Call } from '../verbs/call.ts'
import { accessReview } from './access-review.ts'
import { rulesReview } from './rules-review.ts'
import { selfSubjectReview, tokenReview } from './subject-review.ts'

type Review = (call: Call) => Step<ApiResponse | Refusal>

/** Kinds that are only asked, never stored. */
const reviews: ReadonlyMap<string, Review> = new Map<string, Review>([
  ['authorization.k8s.io/v1/SubjectAccessReview', accessReview('subject')],
  ['authorization.k8s.io/v1/LocalSubjectAccessReview', accessReview('local')],
  ['authorization.k8s.io/v1/SelfSubjectAccessReview', accessReview('self')],
  ['authorization.k8s.io/v1/SelfSubjectRulesReview', rulesReview],
  ['authentication.k8s.io/v1/SelfSubjectReview', selfSubjectReview],
  ['authentication.k8s.io/v1/TokenReview', tokenReview],
])

export const reviewOf = (kind: string): Review | undefined => reviews.get(kind)
