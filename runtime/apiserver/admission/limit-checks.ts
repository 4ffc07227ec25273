import { milliValue, wholeValue } from '../../../api/quantity/quantity-values.ts'

export type Amounts = Readonly<Record<string, string>> | undefined

/** resource.MaxMilliValue: above it thousandths do not fit. */
const maxMilli = 9223372036854775

/** requestLimitEnforcedValues: compared in thousandths where all three fit, else in whole units. */
const valuesOf = (...texts: readonly (string | undefined)[]): readonly number[] => {
  const whole = texts.map((text) => wholeValue(text ?? '0'))
  return whole.every((value) => value <= maxMilli) ? texts.map((text) => milliValue(text ?? '0')) : whole
}

export interface Checked {
  /** `Container`, `Pod`, `PersistentVolumeClaim` */
  readonly type: string
  readonly resource: string
  /** The limit range's quantity. */
  readonly enforced: string
  readonly requests: Amounts
  readonly limits: Amounts
}

export const belowMinimum = ({ type, resource, enforced, requests, limits }: Checked): string | undefined => {
  const head = `minimum ${resource} usage per ${type} is ${enforced}`
  const request = requests?.[resource]
  const limit = limits?.[resource]
  const [asked, bound, least] = valuesOf(request, limit, enforced)
  if (request === undefined) return `${head}.  No request is specified`
  if (asked! < least!) return `${head}, but request is ${request}`
  return limit !== undefined && bound! < least! ? `${head}, but limit is ${limit}` : undefined
}

export const aboveMaximum = ({ type, resource, enforced, requests, limits }: Checked): string | undefined => {
  const head = `maximum ${resource} usage per ${type} is ${enforced}`
  const request = requests?.[resource]
  const limit = limits?.[resource]
  const [asked, bound, most] = valuesOf(request, limit, enforced)
  if (limit === undefined) return `${head}.  No limit is specified`
  if (bound! > most!) return `${head}, but limit is ${limit}`
  return request !== undefined && asked! > most! ? `${head}, but request is ${request}` : undefined
}

/** Of a claim only what is requested counts. */
export const requestAboveMaximum = ({ type, resource, enforced, requests }: Checked): string | undefined => {
  const head = `maximum ${resource} usage per ${type} is ${enforced}`
  const request = requests?.[resource]
  const [asked, most] = valuesOf(request, enforced)
  if (request === undefined) return `${head}.  No request is specified`
  return asked! > most! ? `${head}, but request is ${request}` : undefined
}

/** Six digits after the point, as %f prints them. */
const ratioText = (ratio: number): string => ratio.toFixed(6)

export const aboveRatio = ({ type, resource, enforced, requests, limits }: Checked): string | undefined => {
  const head = `${resource} max limit to request ratio per ${type} is ${enforced}`
  const [asked, bound] = valuesOf(requests?.[resource], limits?.[resource], enforced)
  if (requests?.[resource] === undefined || asked === 0) return `${head}, but no request is specified or request is 0`
  if (limits?.[resource] === undefined || bound === 0) return `${head}, but no limit is specified or limit is 0`
  const ratio = bound! / asked!
  const small = wholeValue(enforced) <= maxMilli
  const most = small ? milliValue(enforced) : wholeValue(enforced)
  return (small ? ratio * 1000 : ratio) > most ? `${head}, but provided ratio is ${ratioText(ratio)}` : undefined
}
