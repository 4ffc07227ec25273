import { canonicalQuantity } from '../quantity/canonical-quantity.ts'
import { parseQuantity } from '../quantity/parse-quantity.ts'

export type QuantityText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string }

/** Quantity.UnmarshalJSON and MarshalJSON: the text that the server writes back. */
export const canonicalQuantityText = (text: string): QuantityText => {
  const parsed = parseQuantity(text)
  return 'error' in parsed ? { ok: false, message: parsed.error } : { ok: true, text: canonicalQuantity(parsed) }
}

/** resource.ErrFormatWrong */
export const quantityFormatWrong: string =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
