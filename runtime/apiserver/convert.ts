import { readCustom } from '../../api/custom-resources/coerce-custom.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import { scalerToV1, scalerToV2 } from './convert-scaler.ts'

type Fields = Readonly<Record<string, unknown>>

/** events.k8s.io/v1 name → v1 name (pkg/apis/events/v1/conversion.go). */
const eventFields: readonly (readonly [newer: string, core: string])[] = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
]
const toCore = new Map(eventFields)
const toNewer = new Map(eventFields.map(([newer, core]) => [core, newer]))

const renamed = (object: Fields, names: ReadonlyMap<string, string>): Fields =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [names.get(name) ?? name, value]))

const conversions: Readonly<Record<string, (object: Fields) => Fields>> = {
  'events.k8s.io/v1/Event v1/Event': (object) => renamed(object, toCore),
  'v1/Event events.k8s.io/v1/Event': (object) => renamed(object, toNewer),
  'autoscaling/v1/HorizontalPodAutoscaler autoscaling/v2/HorizontalPodAutoscaler': scalerToV2,
  'autoscaling/v2/HorizontalPodAutoscaler autoscaling/v1/HorizontalPodAutoscaler': scalerToV1,
}

/** An object of one served version of a resource as another; the object itself where the two are one. */
export const convert = (from: Resource, to: Resource, object: KubeObject): KubeObject => {
  if (from === to) return to.custom === undefined ? object : readCustom(to.custom, object)
  if (to.custom !== undefined) {
    const renamed = { ...object, kind: to.kind, apiVersion: to.apiVersion }
    return readCustom(to.custom, renamed)
  }
  const fields = object as unknown as Fields
  const converted = conversions[`${from.id} ${to.id}`]?.(fields) ?? fields
  return { ...converted, kind: to.kind, apiVersion: to.apiVersion } as unknown as KubeObject
}
