/**
 * A sentence that cannot be judged: it compares what cannot be compared, or asks what nothing in a run can answer. The runner
 * makes a finding of it; it is never a verdict about the cluster.
 */
// eslint-disable-next-line no-restricted-syntax -- a thrown value needs a stack, and only Error has one.
export class EvaluationError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'EvaluationError'
  }
}
