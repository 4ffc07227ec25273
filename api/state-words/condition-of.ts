import type { KubeObject } from '../object.ts'

/** One entry of `.status.conditions`, as far as sentences ask about it. */
export interface ObjectCondition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
}

/** The object's condition of that type; kinds keep them all in `.status.conditions`. */
export const conditionOf = (object: KubeObject, type: string): ObjectCondition | undefined => {
  const status = (object as { readonly status?: { readonly conditions?: readonly ObjectCondition[] } }).status
  return status?.conditions?.find((one) => one.type === type)
}
