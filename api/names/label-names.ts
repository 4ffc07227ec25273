import { isDns1123SubdomainContent } from './dns-names.ts'
import { emptyMessage, regexMessage, tooManyBytesMessage } from './message.ts'
import { utf8Length } from './utf8-length.ts'

const name = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const namePattern = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const nameComplaint = regexMessage(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  name,
  ['MyName', 'my.name', '123-abc'],
)
const valueComplaint = regexMessage(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  `(${name})?`,
  ['MyValue', 'my_value', '12345'],
)

/** content.IsLabelKey, also known as IsQualifiedName: `name` or `prefix/name`. */
export const isLabelKey = (value: string): string[] => {
  const parts = value.split('/')
  if (parts.length > 2) {
    return [
      `a valid label key ${nameComplaint} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  const errors: string[] = []
  const own = parts[parts.length - 1] ?? ''
  if (parts.length === 2) {
    const prefix = parts[0] ?? ''
    if (prefix === '') errors.push(`prefix part ${emptyMessage}`)
    else for (const error of isDns1123SubdomainContent(prefix)) errors.push(`prefix part ${error}`)
  }
  if (own === '') errors.push(`name part ${emptyMessage}`)
  else if (utf8Length(own) > 63) errors.push(`name part ${tooManyBytesMessage(63)}`)
  if (!namePattern.test(own)) errors.push(`name part ${nameComplaint}`)
  return errors
}

/** content.IsLabelValue. */
export const isLabelValue = (value: string): string[] => {
  const errors = utf8Length(value) > 63 ? [tooManyBytesMessage(63)] : []
  return value === '' || namePattern.test(value) ? errors : [...errors, valueComplaint]
}
