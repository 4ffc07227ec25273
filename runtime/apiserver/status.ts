import type { Resource } from '../../api/protocol/resource.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { Status, StatusCause, StatusDetails } from '../../api/types/meta-v1.generated.ts'

/** A request that ends here, with a metav1.Status. Pipeline steps return it in place of their result. */
export interface Refusal {
  readonly refused: true
  readonly response: ApiResponse
}

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && (value as Refusal).refused === true

/** Group and plural, as Status details and messages name a resource. */
export interface GroupResource {
  readonly group: string
  readonly plural: string
}

/** `pods`, `deployments.apps` (schema.GroupResource.String). */
export const groupResourceText = ({ group, plural }: GroupResource): string =>
  group === '' ? plural : `${plural}.${group}`

/** `Deployment.apps`, `Pod` (schema.GroupKind.String). */
export const groupKindText = (resource: Pick<Resource, 'group' | 'kind'>): string =>
  resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`

interface FailureParts {
  readonly reason?: string
  readonly details?: StatusDetails
  readonly retryAfter?: number
}

/** The fields in the order in which a server writes them; empty ones are left out. */
const detailsOf = (details: StatusDetails): StatusDetails => ({
  ...(details.name === undefined || details.name === '' ? {} : { name: details.name }),
  ...(details.group === undefined || details.group === '' ? {} : { group: details.group }),
  ...(details.kind === undefined || details.kind === '' ? {} : { kind: details.kind }),
  ...(details.uid === undefined || details.uid === '' ? {} : { uid: details.uid }),
  ...(details.causes === undefined ? {} : { causes: details.causes }),
  ...(details.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: details.retryAfterSeconds }),
})

export const failure = (code: number, message: string, parts: FailureParts = {}): Refusal => {
  const body: Status = Object.freeze({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(parts.reason === undefined ? {} : { reason: parts.reason }),
    ...(parts.details === undefined ? {} : { details: detailsOf(parts.details) }),
    code,
  })
  const response: ApiResponse =
    parts.retryAfter === undefined ? { code, body } : { code, body, retryAfter: parts.retryAfter }
  return { refused: true, response }
}

export const success = (code: number, details?: StatusDetails): ApiResponse => ({
  code,
  body: Object.freeze({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    ...(details === undefined ? {} : { details: detailsOf(details) }),
  }),
})

/** A cause of a Status: the keys in wire order. */
export const cause = (reason: string | undefined, message: string, field?: string): StatusCause => ({
  ...(reason === undefined ? {} : { reason }),
  message,
  ...(field === undefined ? {} : { field }),
})

const named = ({ group, plural }: GroupResource, name: string): StatusDetails => ({ name, group, kind: plural })

// The texts of k8s.io/apimachinery/pkg/api/errors/errors.go.

export const badRequest = (message: string): Refusal => failure(400, message, { reason: 'BadRequest' })

export const unauthorized = (): Refusal => failure(401, 'Unauthorized', { reason: 'Unauthorized' })

export const forbidden = (
  resource: GroupResource,
  name: string,
  why: string,
  causes?: readonly StatusCause[],
): Refusal => {
  const text = groupResourceText(resource)
  const message =
    text === ''
      ? `forbidden: ${why}`
      : name === ''
        ? `${text} is forbidden: ${why}`
        : `${text} "${name}" is forbidden: ${why}`
  return failure(403, message, {
    reason: 'Forbidden',
    details: causes === undefined ? named(resource, name) : { ...named(resource, name), causes },
  })
}

export const notFound = (resource: GroupResource, name: string): Refusal =>
  failure(404, `${groupResourceText(resource)} "${name}" not found`, {
    reason: 'NotFound',
    details: named(resource, name),
  })

/** A path that no handler serves (NewGenericServerResponse). */
export const pathNotFound = (): Refusal =>
  failure(404, 'the server could not find the requested resource', { reason: 'NotFound', details: {} })

export const methodNotAllowed = (resource: GroupResource, action: string): Refusal =>
  failure(405, `${action} is not supported on resources of kind "${groupResourceText(resource)}"`, {
    reason: 'MethodNotAllowed',
    details: { group: resource.group, kind: resource.plural },
  })

export const alreadyExists = (resource: GroupResource, name: string): Refusal =>
  failure(409, `${groupResourceText(resource)} "${name}" already exists`, {
    reason: 'AlreadyExists',
    details: named(resource, name),
  })

export const conflict = (resource: GroupResource, name: string, why: string): Refusal =>
  failure(409, `Operation cannot be fulfilled on ${groupResourceText(resource)} "${name}": ${why}`, {
    reason: 'Conflict',
    details: named(resource, name),
  })

/** registry.OptimisticLockErrorMsg */
export const modifiedConflict = (resource: GroupResource, name: string): Refusal =>
  conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  )

export interface FieldCause {
  readonly reason: string
  readonly message: string
  readonly field: string
}

/** NewInvalid: the causes' texts joined as utilerrors.Aggregate does, equal ones once. */
export const invalid = (
  resource: Pick<Resource, 'group' | 'kind'>,
  name: string,
  causes: readonly FieldCause[],
): Refusal => {
  const texts: string[] = []
  for (const { field, message } of causes) {
    const text = `${field}: ${message}`
    if (!texts.includes(text)) texts.push(text)
  }
  const list = texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`
  return failure(422, `${groupKindText(resource)} "${name}" is invalid: ${list}`, {
    reason: 'Invalid',
    details: {
      name,
      group: resource.group,
      kind: resource.kind,
      causes: causes.map((one) => cause(one.reason, one.message, one.field)),
    },
  })
}

export const internalError = (message: string): Refusal =>
  failure(500, `Internal error occurred: ${message}`, {
    reason: 'InternalError',
    details: { causes: [{ message }] },
  })

/** An error that is no API error: 500 without a reason (responsewriters.ErrorToAPIStatus). */
export const plainError = (message: string): Refusal => failure(500, message)

export const tooManyRequests = (message: string, retryAfter: number, causes?: readonly StatusCause[]): Refusal =>
  failure(429, message, {
    reason: 'TooManyRequests',
    details: {
      ...(causes === undefined ? {} : { causes }),
      ...(retryAfter === 0 ? {} : { retryAfterSeconds: retryAfter }),
    },
    ...(retryAfter === 0 ? {} : { retryAfter }),
  })

export const timeout = (message: string, retryAfter?: number): Refusal =>
  failure(504, `Timeout: ${message}`, {
    reason: 'Timeout',
    details: retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter },
    ...(retryAfter === undefined ? {} : { retryAfter }),
  })

/** The watch cache or etcd no longer holds the version asked for. */
export const expired = (message: string): Refusal => failure(410, message, { reason: 'Expired' })
