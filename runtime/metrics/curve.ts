import type { Micros } from '../kernel/micros.ts'

/** An amount that goes from one value to another in a straight line, and stays there; at once, if it takes no time. */
export interface Curve {
  readonly from: number
  readonly to: number
  readonly began: Micros
  readonly over: Micros
}

export const curveAt = ({ from, to, began, over }: Curve, at: Micros): number => {
  const passed = Math.max(0, at - began)
  return passed >= over ? to : from + ((to - from) * passed) / over
}

/** Where between two instants a curve bends, is cut off by `cap`, or both: between neighbours it is a straight line below or above. */
const bends = (curve: Curve, cap: number, span: readonly [Micros, Micros]): readonly number[] => {
  const [start, end] = span
  const { from, to, began, over } = curve
  const inside = [began, began + over]
  if (over > 0 && from !== to) inside.push(began + (over * (cap - from)) / (to - from))
  return [start, ...inside.filter((at) => at > start && at < end).sort((a, b) => a - b), end]
}

/** What a curve, divided among `shares` and cut off at `cap`, adds up to between two instants: amount times microseconds. */
export const integral = (
  curve: Curve,
  { shares, cap }: { readonly shares: number; readonly cap: number },
  start: Micros,
  end: Micros,
): number => {
  const points = bends(curve, cap * shares, [start, end])
  let sum = 0
  for (let index = 1; index < points.length; index += 1) {
    const [a, b] = [points[index - 1]!, points[index]!]
    const left = Math.min(cap, curveAt(curve, a) / shares)
    const right = Math.min(cap, curveAt(curve, b) / shares)
    sum += ((left + right) / 2) * (b - a)
  }
  return Math.round(sum)
}
