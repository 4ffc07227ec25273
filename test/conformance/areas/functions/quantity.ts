import { canonicalQuantity } from '../../../../api/quantity/canonical-quantity.ts'
import { compareQuantities, isZeroQuantity, signOfQuantity } from '../../../../api/quantity/compare-quantities.ts'
import { parseQuantity, quantityFromJson, quantityOf } from '../../../../api/quantity/parse-quantity.ts'
import {
  addQuantities,
  multiplyQuantity,
  negateQuantity,
  roundUpQuantity,
  subtractQuantities,
} from '../../../../api/quantity/quantity-arithmetic.ts'
import { asInt64, decimalText, scaledValue } from '../../../../api/quantity/quantity-values.ts'
import { newQuantity, type Quantity, type QuantityFormat } from '../../../../api/quantity/quantity.ts'
import type { Topic } from './topic.ts'

interface Pair {
  readonly A: string
  readonly B: string
}
const sum = (result: Quantity): unknown => ({
  canonical: canonicalQuantity(result),
  format: result.format,
  value: String(scaledValue(result, 0)),
  milliValue: String(scaledValue(result, -3)),
})

export const quantity: Topic = {
  parse: ({ Text }: { Text: string }) => {
    const q = parseQuantity(Text)
    if ('error' in q) return q
    const whole = asInt64(q)
    return {
      canonical: canonicalQuantity(q),
      format: q.format,
      sign: signOfQuantity(q),
      isZero: isZeroQuantity(q),
      value: String(scaledValue(q, 0)),
      milliValue: String(scaledValue(q, -3)),
      nanoScaled: String(scaledValue(q, -9)),
      asDec: decimalText(q),
      asInt64: whole === undefined ? undefined : String(whole),
    }
  },
  unmarshalJSON: ({ json }: { json: string }) => {
    const q = quantityFromJson(JSON.parse(json), json)
    return 'error' in q ? q : { canonical: canonicalQuantity(q), format: q.format }
  },
  add: ({ A, B }: Pair) => sum(addQuantities(quantityOf(A), quantityOf(B))),
  sub: ({ A, B }: Pair) => sum(subtractQuantities(quantityOf(A), quantityOf(B))),
  cmp: ({ A, B }: Pair) => {
    const cmp = compareQuantities(quantityOf(A), quantityOf(B))
    return { cmp, equal: cmp === 0 }
  },
  mul: ({ a, n }: { a: string; n: number }) => {
    const { quantity: product, exact } = multiplyQuantity(quantityOf(a), BigInt(n))
    return { canonical: canonicalQuantity(product), fast: exact }
  },
  neg: ({ a }: { a: string }) => ({ canonical: canonicalQuantity(negateQuantity(quantityOf(a))) }),
  roundUp: ({ a, scale }: { a: string; scale: number }) => {
    const { quantity: rounded, exact } = roundUpQuantity(quantityOf(a), scale)
    return { canonical: canonicalQuantity(rounded), exact }
  },
  scaledValue: ({ a, scale }: { a: string; scale: number }) => ({ value: String(scaledValue(quantityOf(a), scale)) }),
  newScaled: ({ value, scale, format }: { value: string; scale: number; format: QuantityFormat }) => ({
    canonical: canonicalQuantity(newQuantity(BigInt(value), format, scale)),
  }),
}
