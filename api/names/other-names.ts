import { emptyMessage, rangeMessage, regexMessage, tooLongMessage } from './message.ts'
import { utf8Length } from './utf8-length.ts'

interface Pattern {
  readonly regex: string
  readonly message: string
  readonly examples: readonly string[]
}

const check = ({ regex, message, examples }: Pattern): ((value: string) => string[]) => {
  const pattern = new RegExp(`^(?:${regex})$`)
  const complaint = regexMessage(message, regex, examples)
  return (value) => (pattern.test(value) ? [] : [complaint])
}

const directoryPrefix = (value: string): string[] => {
  if (value === '.' || value === '..') return [`must not be '${value}'`]
  return value.startsWith('..') ? ["must not start with '..'"] : []
}

export const isCIdentifier: (value: string) => string[] = check({
  regex: '[A-Za-z_][A-Za-z0-9_]*',
  message:
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
  examples: ['my_name', 'MY_NAME', 'MyName'],
})

export const isValidPercent: (value: string) => string[] = check({
  regex: '[0-9]+%',
  message: "a valid percent string must be a numeric string followed by an ending '%'",
  examples: ['1%', '93%'],
})

export const isHttpHeaderName: (value: string) => string[] = check({
  regex: '[-A-Za-z0-9]+',
  message: "a valid HTTP header must consist of alphanumeric characters or '-'",
  examples: ['X-Header-Name'],
})

const environmentVariable = check({
  regex: '[-._a-zA-Z][-._a-zA-Z0-9]*',
  message:
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
  examples: ['my.env-name', 'MY_ENV.NAME', 'MyEnvName1'],
})

export const isEnvVarName = (value: string): string[] => [...environmentVariable(value), ...directoryPrefix(value)]

/** The rule for variables of containers since RelaxedEnvironmentVariableValidation. */
export const isRelaxedEnvVarName = (value: string): string[] => {
  if (value === '') return [`environment variable name ${emptyMessage}`]
  return /^[ -<>-~]*$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
}

const configMapKey = check({
  regex: '[-._a-zA-Z0-9]+',
  message: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  examples: ['key.name', 'KEY_NAME', 'key-name'],
})

export const isConfigMapKey = (value: string): string[] => [
  ...(utf8Length(value) > 253 ? [tooLongMessage(253)] : []),
  ...configMapKey(value),
  ...directoryPrefix(value),
]

/** IsPathSegmentPrefix: a name or generateName that becomes part of a URL. */
export const isPathSegmentPrefix = (value: string): string[] =>
  ['/', '%'].filter((illegal) => value.includes(illegal)).map((illegal) => `may not contain '${illegal}'`)

export const isPathSegmentName = (value: string): string[] =>
  value === '.' || value === '..' ? [`may not be '${value}'`] : isPathSegmentPrefix(value)

export const isDecimalInteger = (value: string): string[] => {
  if (value === '') return [emptyMessage]
  return /^(?:0|-?[1-9][0-9]*)$/.test(value) ? [] : ['must be a valid decimal integer in canonical form']
}

export const isValidPortName = (value: string): string[] => {
  const errors: string[] = []
  if (utf8Length(value) > 15) errors.push(tooLongMessage(15))
  if (!/^[-a-z0-9]+$/.test(value)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(value)) errors.push('must contain at least one letter (a-z)')
  if (value.includes('--')) errors.push('must not contain consecutive hyphens')
  if (value.startsWith('-') || value.endsWith('-')) errors.push('must not begin or end with a hyphen')
  return errors
}

export const isInRange = (value: number, low: number, high: number): string[] =>
  value >= low && value <= high ? [] : [rangeMessage(low, high)]

export const isValidPortNum = (port: number): string[] => isInRange(port, 1, 65535)
/** IsValidUserID and IsValidGroupID. */
export const isValidUserId = (id: number): string[] => isInRange(id, 0, 2147483647)
