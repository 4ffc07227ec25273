/** What one decoding gathers. Errors do not stop it, as in encoding/json: the first of each sort is kept. */
export interface DecodeState {
  /** First type error; reported when nothing fatal happened. */
  saved: string | undefined
  /** First error of a type that unmarshals itself (quantity, time, base64): it would have ended the decoding. */
  fatal: string | undefined
  /** Names of the structs being decoded, innermost last. */
  readonly structs: string[]
  /** Field names from the root, without indexes. */
  readonly fields: string[]
  /** The same with indexes and map keys, as strict errors show them. */
  readonly strictPath: (string | number)[]
  readonly strict: string[]
  /** Where an empty list was given for a field that is always written: it is stored as null, though a field was set. */
  readonly emptied: (readonly (string | number)[])[]
  /** Duplicate keys by the object that had them; only texts have them. */
  readonly duplicates: WeakMap<object, readonly string[]> | undefined
}

export const newDecodeState = (duplicates?: WeakMap<object, readonly string[]>): DecodeState => ({
  saved: undefined,
  fatal: undefined,
  structs: [],
  fields: [],
  strictPath: [],
  strict: [],
  emptied: [],
  duplicates,
})

const spare: DecodeState[] = []

/** A state for a decoding that ends where it begins: one that was left as it began is used again. */
export const borrowState = (): DecodeState => spare.pop() ?? newDecodeState()
export const giveBack = (state: DecodeState): void => {
  if (state.saved === undefined && state.fatal === undefined && state.strict.length + state.emptied.length === 0)
    spare.push(state)
}

const maxStrictErrors = 100

const strictPathText = (state: DecodeState, field: string): string => {
  let text = ''
  for (const step of state.strictPath) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`
  return text === '' ? field : `${text}.${field}`
}

/** Mirrors sigs.k8s.io/json saveStrictError: at most 100, each once. */
export const noteStrict = (state: DecodeState, what: 'unknown field' | 'duplicate field', field: string): void => {
  if (state.strict.length >= maxStrictErrors) return
  const text = `${what} "${strictPathText(state, field)}"`
  if (!state.strict.includes(text)) state.strict.push(text)
}

const place = (state: DecodeState): string => {
  const struct = state.structs.at(-1)
  return struct === undefined || state.fields.length === 0
    ? 'Go value'
    : `Go struct field ${struct}.${state.fields.join('.')}`
}

const typeErrorText = (state: DecodeState, found: string, go: string): string =>
  `json: cannot unmarshal ${found} into ${place(state)} of type ${go}`

/** Mirrors encoding/json UnmarshalTypeError: innermost struct, path without indexes, Go type. */
export const noteTypeError = (state: DecodeState, found: string, go: string): void => {
  state.saved ??= typeErrorText(state, found, go)
}

export const noteFatalTypeError = (state: DecodeState, found: string, go: string): void => {
  state.fatal ??= typeErrorText(state, found, go)
}

export const noteFatal = (state: DecodeState, text: string): void => {
  state.fatal ??= text
}
