import { canonicalQuantity } from '../../api/quantity/canonical-quantity.ts'
import { newQuantity } from '../../api/quantity/quantity.ts'
import type { Micros } from '../kernel/micros.ts'
import { curveAt, type Curve } from './curve.ts'

/** An object that a custom metric is of. */
export interface Described {
  /** `services`, `deployments.apps` */
  readonly resource: string
  readonly namespace: string | undefined
  readonly name: string
}

/** `metric queue_depth 30 on service/x`: what a monitoring system knows of the world outside. */
export interface CustomMetrics {
  /** `on` is asked anew each time; undefined: an external metric. The amount is in thousandths. */
  set(metric: string, curve: Curve, on: { readonly text: string; now(): readonly Described[] } | undefined): void
  /** Whether anything was ever set: only then the APIs are there. */
  readonly any: boolean
  /** A quantity. */
  of(metric: string, object: Described, at: Micros): string | undefined
  /** Objects of a resource that the metric is known of. */
  objects(metric: string, resource: string, namespace: string | undefined): readonly Described[]
  external(metric: string, at: Micros): string | undefined
}

interface Value {
  readonly curve: Curve
  readonly now: () => readonly Described[]
}

const text = (curve: Curve, at: Micros): string =>
  canonicalQuantity(newQuantity(Math.trunc(curveAt(curve, at)), 'DecimalSI', -3))

export const createCustomMetrics = (): CustomMetrics => {
  /** metric → noun → value: what is said last of an object counts. */
  const values = new Map<string, Map<string, Value>>()
  const externals = new Map<string, Curve>()

  const same = (a: Described, b: Described): boolean =>
    a.resource === b.resource && a.name === b.name && (a.namespace ?? '') === (b.namespace ?? '')

  return {
    set(metric, curve, on) {
      if (on === undefined) {
        externals.set(metric, curve)
        return
      }
      const known = values.get(metric) ?? new Map<string, Value>()
      values.set(metric, known)
      known.delete(on.text)
      known.set(on.text, { curve, now: () => on.now() })
    },
    get any() {
      return values.size > 0 || externals.size > 0
    },
    of(metric, object, at) {
      let found: string | undefined
      for (const { curve, now } of values.get(metric)?.values() ?? [])
        if (now().some((one) => same(one, object))) found = text(curve, at)
      return found
    },
    objects(metric, resource, namespace) {
      const found = new Map<string, Described>()
      for (const { now } of values.get(metric)?.values() ?? [])
        for (const one of now()) if (one.resource === resource && one.namespace === namespace) found.set(one.name, one)
      return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    external(metric, at) {
      const curve = externals.get(metric)
      return curve === undefined ? undefined : text(curve, at)
    },
  }
}
