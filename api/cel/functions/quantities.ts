import { canonicalQuantity } from '../../quantity/canonical-quantity.ts'
import { compareQuantities, signOfQuantity } from '../../quantity/compare-quantities.ts'
import { parseQuantity } from '../../quantity/parse-quantity.ts'
import { addQuantities, subtractQuantities } from '../../quantity/quantity-arithmetic.ts'
import { approximateNumber } from '../../quantity/quantity-number.ts'
import { asInt64, decimalText } from '../../quantity/quantity-values.ts'
import { newQuantity, type Quantity } from '../../quantity/quantity.ts'
import { define, type Overload } from '../overloads.ts'
import { fail, opaque, type Opaque, type Value } from '../values.ts'

const quantity = (value: Quantity): Opaque => opaque('kubernetes.Quantity', value, decimalText(value))
const held = (value: Value | undefined): Quantity => (value as Opaque).value as Quantity
export const quantityText = (value: Opaque): string => canonicalQuantity(value.value as Quantity)

const parse = (text: string): Quantity | undefined => {
  const parsed = parseQuantity(text)
  return 'unscaled' in parsed ? parsed : undefined
}

const refused = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

/** k8s.io/apiserver/pkg/cel/library/quantity.go */
export const quantities: readonly Overload[] = [
  define('quantity', 'string -> Quantity', ([text]) => {
    const parsed = parse(text as string)
    return parsed === undefined ? fail(refused) : quantity(parsed)
  }),
  define('isQuantity', 'string -> bool', ([text]) => parse(text as string) !== undefined),
  define('.sign', 'Quantity -> int', ([a]) => BigInt(signOfQuantity(held(a)))),
  define('.isGreaterThan', 'Quantity, Quantity -> bool', ([a, b]) => compareQuantities(held(a), held(b)) > 0),
  define('.isLessThan', 'Quantity, Quantity -> bool', ([a, b]) => compareQuantities(held(a), held(b)) < 0),
  define('.compareTo', 'Quantity, Quantity -> int', ([a, b]) => BigInt(compareQuantities(held(a), held(b)))),
  define('.asApproximateFloat', 'Quantity -> double', ([a]) => approximateNumber(held(a))),
  define('.asInteger', 'Quantity -> int', ([a]) => asInt64(held(a)) ?? fail('cannot convert value to integer')),
  define('.isInteger', 'Quantity -> bool', ([a]) => asInt64(held(a)) !== undefined),
  define('.add', 'Quantity, Quantity -> Quantity', ([a, b]) => quantity(addQuantities(held(a), held(b)))),
  define('.add', 'Quantity, int -> Quantity', ([a, b]) =>
    quantity(addQuantities(held(a), newQuantity(b as bigint, 'DecimalExponent'))),
  ),
  define('.sub', 'Quantity, Quantity -> Quantity', ([a, b]) => quantity(subtractQuantities(held(a), held(b)))),
  define('.sub', 'Quantity, int -> Quantity', ([a, b]) =>
    quantity(subtractQuantities(held(a), newQuantity(b as bigint, 'DecimalExponent'))),
  ),
]
