import type { DeleteOptions } from '../../api/types/meta-v1.generated.ts'
import { badRequest, invalid, type FieldCause, type Refusal } from './status.ts'

const policies = ['Foreground', 'Background', 'Orphan']

/** The decoder's word on a grace that is none. */
const wrongNumber = (options: DeleteOptions): string | undefined => {
  const grace: unknown = options.gracePeriodSeconds
  if (grace === undefined || grace === null || Number.isInteger(grace)) return undefined
  const found =
    typeof grace === 'number'
      ? `number ${grace}`
      : Array.isArray(grace)
        ? 'array'
        : typeof grace === 'boolean'
          ? 'bool'
          : typeof grace
  return `json: cannot unmarshal ${found} into Go struct field DeleteOptions.gracePeriodSeconds of type int64`
}

/** The body of a DELETE; empty is no options. */
export const deleteOptionsOf = (body: unknown): DeleteOptions | Refusal => {
  if (body === undefined || body === null || body === '') return {}
  if (typeof body !== 'object' || Array.isArray(body))
    return badRequest('decoded object cannot be converted to DeleteOptions')
  const options = body as DeleteOptions
  const { kind, apiVersion } = options
  if (kind !== undefined && kind !== '' && kind !== 'DeleteOptions') {
    return badRequest(
      `no kind "${kind}" is registered for version "${apiVersion ?? ''}" in scheme "pkg/runtime/scheme.go:111"`,
    )
  }
  const wrong = wrongNumber(options)
  return wrong === undefined ? options : badRequest(wrong)
}

/** apimachinery/pkg/apis/meta/v1/validation, ValidateDeleteOptions. */
export const validateDeleteOptions = (options: DeleteOptions): Refusal | undefined => {
  const causes: FieldCause[] = []
  const { propagationPolicy, orphanDependents } = options
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    causes.push({
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(propagationPolicy)}: orphanDependents and deletionPropagation cannot be both set`,
      field: 'propagationPolicy',
    })
  }
  if (propagationPolicy !== undefined && !policies.includes(propagationPolicy)) {
    causes.push({
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(propagationPolicy)}: supported values: ${[...policies, 'nil'].map((one) => JSON.stringify(one)).join(', ')}`,
      field: 'propagationPolicy',
    })
  }
  for (const one of options.dryRun ?? []) {
    if (one !== 'All') {
      causes.push({
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: ${JSON.stringify(options.dryRun)}: supported values: "All"`,
        field: 'dryRun',
      })
      break
    }
  }
  return causes.length === 0 ? undefined : invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', causes)
}

const jobWarning =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning'

/** pkg/registry/batch/job/storage, deleteOptionWarnings */
export const deleteWarning = (resource: { readonly id: string }, options: DeleteOptions): string | undefined =>
  resource.id === 'batch/v1/Job' && options.propagationPolicy === undefined && options.orphanDependents === undefined
    ? jobWarning
    : undefined
