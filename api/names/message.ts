/** validation.RegexError: upstream's sentence about a regular expression, with its double blanks. */
export const regexMessage = (message: string, regex: string, examples: readonly string[]): string => {
  const shown = examples.map((example) => `'${example}', `).join(' or ')
  return examples.length === 0
    ? `${message} (regex used for validation is '${regex}')`
    : `${message} (e.g. ${shown}regex used for validation is '${regex}')`
}

/** validation.MaxLenError, which counts bytes but says characters. */
export const tooLongMessage = (max: number): string => `must be no more than ${max} characters`

/** content.MaxLenError. */
export const tooManyBytesMessage = (max: number): string => `must be no more than ${max} bytes`

export const emptyMessage: string = 'must be non-empty'

export const rangeMessage = (low: number, high: number): string => `must be between ${low} and ${high}, inclusive`
