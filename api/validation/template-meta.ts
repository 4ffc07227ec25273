import { forbidden, type Cause } from './cause.ts'
import { annotationCauses, labelCauses } from './object-meta.ts'
import { map, type View } from './view.ts'

const order = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'ownerReferences',
  'finalizers',
  'managedFields',
]

/** Go's field names with a lower first letter. */
const told: Readonly<Record<string, string>> = { uid: 'uID' }

/** ValidateTemplateObjectMeta: labels and annotations only. */
export const templateMetaCauses = (meta: View, path: string): Cause[] => [
  ...annotationCauses(map(meta, 'annotations'), `${path}.annotations`),
  ...labelCauses(map(meta, 'labels'), `${path}.labels`),
  ...order
    .filter((key) => meta[key] !== undefined)
    .map((key) => forbidden(`${path}.${told[key] ?? key}`, 'cannot be set')),
]
