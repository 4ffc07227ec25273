import type { Resource } from '../protocol/resource.ts'
import type { Status } from '../types/meta-v1.generated.ts'
import type { Cause } from './cause.ts'

/** Group and kind that a refusal names; autoscaling and events are the same in every version. */
export interface RefusedKind {
  readonly group: string
  readonly kind: string
}

/** The 422 answer: errors.NewInvalid. Equal complaints are told once in the message and each time in the causes. */
export const invalidStatus = (resource: Resource | RefusedKind, name: string, causes: readonly Cause[]): Status => {
  // Events of both groups are one internal kind.
  const group = resource.group === 'events.k8s.io' ? '' : resource.group
  const lines = [...new Set(causes.map((cause) => `${cause.field}: ${cause.message}`))]
  const kind = group === '' ? resource.kind : `${resource.kind}.${group}`
  const told = lines.length === 0 ? '' : `: ${lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`}`
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `${kind} "${name}" is invalid${told}`,
    reason: 'Invalid',
    details: {
      ...(name === '' ? undefined : { name }),
      ...(group === '' ? undefined : { group }),
      kind: resource.kind,
      ...(causes.length === 0
        ? undefined
        : { causes: causes.map(({ reason, message, field }) => ({ reason, message, field })) }),
    },
    code: 422,
  }
}
