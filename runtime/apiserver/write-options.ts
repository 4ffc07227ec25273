import { goQuote } from '../../api/names/go-quote.ts'
import { utf8Length } from '../../api/names/utf8-length.ts'
import { invalid, type FieldCause, type Refusal } from './status.ts'

export interface WriteParameters {
  readonly verb: 'create' | 'update' | 'patch'
  readonly apply: boolean
  readonly dryRun: readonly string[]
  readonly fieldManager: string
  readonly fieldValidation: string
  readonly force: boolean
}

const kinds = { create: 'CreateOptions', update: 'UpdateOptions', patch: 'PatchOptions' } as const
const maxManager = 128
const validations = ['', 'Ignore', 'Strict', 'Warn']

const codePoint = (character: string): string =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`

/** ValidateFieldManager: the first character that does not print. */
const managerCauses = (manager: string): readonly FieldCause[] => {
  const field = 'fieldManager'
  if (utf8Length(manager) > maxManager) {
    return [{ reason: 'FieldValueTooLong', message: `Too long: may not be more than ${maxManager} bytes`, field }]
  }
  let at = 0
  for (const character of manager) {
    if (character !== ' ' && /[\p{C}\p{Z}]/u.test(character)) {
      const message = `Invalid value: ${goQuote(manager)}: invalid character ${codePoint(character)} (at position ${at})`
      return [{ reason: 'FieldValueInvalid', message, field }]
    }
    at += utf8Length(character)
  }
  return []
}

/** apimachinery/pkg/apis/meta/v1/validation: ValidateCreateOptions, ValidateUpdateOptions, ValidatePatchOptions. */
export const validateWriteOptions = (given: WriteParameters): Refusal | undefined => {
  const causes: FieldCause[] = []
  if (given.verb === 'patch' && !given.apply && given.force) {
    causes.push({
      reason: 'FieldValueForbidden',
      message: 'Forbidden: may not be specified for non-apply patch',
      field: 'force',
    })
  }
  if (given.apply && given.fieldManager === '') {
    causes.push({
      reason: 'FieldValueRequired',
      message: 'Required value: is required for apply patch',
      field: 'fieldManager',
    })
  }
  causes.push(...managerCauses(given.fieldManager))
  if (given.dryRun.some((one) => one !== 'All')) {
    causes.push({
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(given.dryRun)}: supported values: "All"`,
      field: 'dryRun',
    })
  }
  if (!validations.includes(given.fieldValidation)) {
    causes.push({
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${goQuote(given.fieldValidation)}: supported values: ${validations.map(goQuote).join(', ')}`,
      field: 'fieldValidation',
    })
  }
  return causes.length === 0 ? undefined : invalid({ group: 'meta.k8s.io', kind: kinds[given.verb] }, '', causes)
}
