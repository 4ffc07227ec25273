import type { Json } from './recorded-case.ts'

/** A field as text, to sort and group by. */
export const textOf = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
