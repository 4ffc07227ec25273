import { regexMessage, tooLongMessage, tooManyBytesMessage } from './message.ts'
import { utf8Length } from './utf8-length.ts'

// apimachinery/pkg/util/validation and pkg/api/validate/content. Every validator answers upstream's complaints; none: valid.

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const labelWithUnderscore = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?'
const subdomain = `${label}(\\.${label})*`
const subdomainWithUnderscore = `${labelWithUnderscore}(\\.${labelWithUnderscore})*`
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const wildcard = `\\*\\.${subdomain}`

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`)
const labelPattern = whole(label)
const subdomainPattern = whole(subdomain)
const underscorePattern = whole(subdomainWithUnderscore)
const label1035Pattern = whole(label1035)
const wildcardPattern = whole(wildcard)

const longer = (value: string, max: number): string[] => (utf8Length(value) > max ? [tooLongMessage(max)] : [])

export const isDns1123Label = (value: string): string[] => {
  const errors = longer(value, 63)
  if (labelPattern.test(value)) return errors
  if (subdomainPattern.test(value)) return [...errors, 'must not contain dots']
  return [
    ...errors,
    regexMessage(
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
      label,
      ['my-name', '123-abc'],
    ),
  ]
}

const subdomainComplaint = regexMessage(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  subdomain,
  ['example.com'],
)

export const isDns1123Subdomain = (value: string): string[] => {
  const errors = longer(value, 253)
  return subdomainPattern.test(value) ? errors : [...errors, subdomainComplaint]
}

/** content.IsDNS1123Subdomain: the same rule; its length complaint says bytes. */
export const isDns1123SubdomainContent = (value: string): string[] => {
  const errors = utf8Length(value) > 253 ? [tooManyBytesMessage(253)] : []
  return subdomainPattern.test(value) ? errors : [...errors, subdomainComplaint]
}

export const isDns1123SubdomainWithUnderscore = (value: string): string[] => {
  const errors = longer(value, 253)
  if (underscorePattern.test(value)) return errors
  return [
    ...errors,
    regexMessage(
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
      subdomainWithUnderscore,
      ['example.com'],
    ),
  ]
}

export const isDns1035Label = (value: string): string[] => {
  const errors = longer(value, 63)
  if (label1035Pattern.test(value)) return errors
  return [
    ...errors,
    regexMessage(
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
      label1035,
      ['my-name', 'abc-123'],
    ),
  ]
}

export const isWildcardDns1123Subdomain = (value: string): string[] => {
  const errors = longer(value, 253)
  if (wildcardPattern.test(value)) return errors
  return [
    ...errors,
    regexMessage(
      "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
      wildcard,
      ['*.example.com'],
    ),
  ]
}

/** maskTrailingDash: a generateName may end with a dash, as five characters will follow. */
const maskTrailingDash = (name: string): string =>
  name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name

export type NameRule = (name: string) => string[]

/** The same rule for a generateName. */
export const asPrefix =
  (rule: NameRule): NameRule =>
  (name) =>
    rule(maskTrailingDash(name))
