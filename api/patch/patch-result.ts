/** What a patch gives: the new document, or a refusal with the status code that the API server answers it with. */
export type PatchResult<T = unknown> = { readonly document: T } | PatchProblem

export interface PatchProblem {
  readonly error: string
  /** 413: too many operations. */
  readonly code: 400 | 413 | 422 | 500
}
