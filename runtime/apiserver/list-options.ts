import type { RequestOptions } from '../../api/protocol/request.ts'
import { invalid, type FieldCause, type Refusal } from './status.ts'

const forbid = (field: string, why: string): FieldCause => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${why}`,
  field,
})

const unsupported = (match: string, supported: readonly string[]): FieldCause => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${JSON.stringify(match)}: supported values: ${supported.map((one) => JSON.stringify(one)).join(', ')}`,
  field: 'resourceVersionMatch',
})

const noContinue = forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided')

/** apimachinery/pkg/apis/meta/internalversion/validation, ValidateListOptions. */
export const validateListOptions = (options: RequestOptions, watch: boolean): Refusal | undefined => {
  const causes: FieldCause[] = []
  const match = options.resourceVersionMatch as string | undefined
  const given = match !== undefined && match !== ''
  const version = options.resourceVersion ?? ''
  const continues = (options.continue ?? '') !== ''
  if (watch) {
    const initial = options.sendInitialEvents
    if (initial !== undefined && match !== 'NotOlderThan') {
      causes.push(
        forbid('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'),
      )
    }
    if (given) {
      if (initial === undefined) {
        causes.push(
          forbid(
            'resourceVersionMatch',
            'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
          ),
        )
      }
      if (match !== 'NotOlderThan') causes.push(unsupported(match, ['NotOlderThan']))
      if (continues) causes.push(noContinue)
    }
  } else {
    if (given) {
      if (version === '')
        causes.push(
          forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided'),
        )
      if (continues) causes.push(noContinue)
      if (match !== 'Exact' && match !== 'NotOlderThan') causes.push(unsupported(match, ['Exact', 'NotOlderThan', '']))
      if (match === 'Exact' && version === '0') {
        causes.push(forbid('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
      }
    }
    if (options.sendInitialEvents !== undefined)
      causes.push(forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  }
  return causes.length === 0 ? undefined : invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', causes)
}
