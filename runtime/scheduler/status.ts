/** Codes as upstream (staging/src/k8s.io/kube-scheduler/framework/interface.go). Success is `undefined`, Skip is `'skip'`. */
export type Code = 'Error' | 'Unschedulable' | 'UnschedulableAndUnresolvable' | 'Wait' | 'Pending'

/** What a plugin says when it does not agree. Fixed refusals are made once and shared by all nodes. */
export interface Status {
  readonly code: Code
  readonly reasons: readonly string[]
  /** Who says so; '' where nobody in particular does. */
  readonly plugin: string
}

export const status = (plugin: string, code: Code, ...reasons: readonly string[]): Status =>
  Object.freeze({ code, reasons: Object.freeze(reasons), plugin })

export const statusMessage = (given: Status): string => given.reasons.join(', ')

/** Codes that mean "not here" or "not now", as opposed to an error. */
export const isRejected = (given: Status): boolean =>
  given.code === 'Unschedulable' || given.code === 'UnschedulableAndUnresolvable' || given.code === 'Pending'

const codes: readonly Code[] = ['Error', 'Unschedulable', 'UnschedulableAndUnresolvable', 'Wait', 'Pending']

/** Whether a value that somebody else made is a verdict. */
export const isStatus = (value: unknown): value is Status => {
  if (typeof value !== 'object' || value === null) return false
  const { code, reasons } = value as Partial<Status>
  return codes.includes(code as Code) && Array.isArray(reasons) && reasons.every((one) => typeof one === 'string')
}
