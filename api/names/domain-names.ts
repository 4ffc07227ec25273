import { isDns1123Label, isDns1123Subdomain } from './dns-names.ts'
import { goQuote } from './go-quote.ts'
import { regexMessage } from './message.ts'

/** A complaint about a field, before it is known where the field is. */
export interface FieldComplaint {
  readonly type: 'Required' | 'Invalid'
  /** What is complained about: the value or a part of it. */
  readonly value: string
  readonly detail: string
}

/** field.Error.Error() of a complaint about the field at `path`. */
export const complaintText = (path: string, { type, value, detail }: FieldComplaint): string => {
  const head = type === 'Required' ? `${path}: Required value` : `${path}: Invalid value: ${goQuote(value)}`
  return detail === '' ? head : `${head}: ${detail}`
}

const required = (): FieldComplaint[] => [{ type: 'Required', value: '', detail: '' }]
const invalid = (value: string, detail: string): FieldComplaint[] => [{ type: 'Invalid', value, detail }]

/** IsFullyQualifiedName: at least three segments. */
export const isFullyQualifiedName = (name: string): FieldComplaint[] => {
  if (name === '') return required()
  const errors = isDns1123Subdomain(name)
  if (errors.length > 0) return invalid(name, errors.join(','))
  return name.split('.').length < 3
    ? invalid(name, 'should be a domain with at least three segments separated by dots')
    : []
}

/** IsFullyQualifiedDomainName: at least two segments, each a label; a final dot is allowed. */
export const isFullyQualifiedDomainName = (value: string): FieldComplaint[] => {
  if (value === '') return required()
  const name = value.endsWith('.') ? value.slice(0, -1) : value
  const errors = isDns1123Subdomain(name)
  if (errors.length > 0) return invalid(name, errors.join(','))
  const labels = name.split('.')
  if (labels.length < 2) return invalid(name, 'should be a domain with at least two segments separated by dots')
  for (const label of labels) {
    const wrong = isDns1123Label(label)
    if (wrong.length > 0) return invalid(label, wrong.join(','))
  }
  return []
}

const httpPath = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+"
const httpPathPattern = new RegExp(`^${httpPath}$`)

/** IsDomainPrefixedPath: `acme.io/foo`, as signer names. */
export const isDomainPrefixedPath = (value: string): FieldComplaint[] => {
  if (value === '') return required()
  const slash = value.indexOf('/')
  const host = value.slice(0, slash)
  const path = value.slice(slash + 1)
  if (slash < 1 || path === '') return invalid(value, 'must be a domain-prefixed path (such as "acme.io/foo")')
  const complaints = isDns1123Subdomain(host).flatMap((error) => invalid(host, error))
  if (!httpPathPattern.test(path)) complaints.push(...invalid(path, regexMessage('Invalid path', httpPath, [])))
  return complaints
}
