import { humanDuration } from '../../../api/durations/human-duration.ts'
import { selectorFromSet } from '../../../api/selectors/label-selector.ts'
import { child, list, map, strings, struct, text, type View } from '../../../api/validation/view.ts'

export type Cell = string | number | boolean

/** What rows need to know beyond the object: the server's clock, in milliseconds since the epoch. */
export interface RowContext {
  readonly now: number
}

/** translateTimestampSince */
export const ageOf = (timestamp: unknown, { now }: RowContext): string =>
  typeof timestamp === 'string' && timestamp !== '' ? humanDuration(now - Date.parse(timestamp)) : '<unknown>'

export const objectAge = (object: View, context: RowContext): string =>
  ageOf(struct(object, 'metadata')['creationTimestamp'], context)

export const nameOf = (object: View): string => text(struct(object, 'metadata'), 'name')

/** labels.FormatLabels */
export const labelsText = (labels: Readonly<Record<string, string>>): string => {
  const shown = selectorFromSet(labels).text
  return shown === '' ? '<none>' : shown
}

/** layoutContainerCells */
export const containerCells = (podSpec: View | undefined): readonly [string, string] => {
  const containers = list(podSpec, 'containers')
  return [containers.map((one) => text(one, 'name')).join(','), containers.map((one) => text(one, 'image')).join(',')]
}

export const orElse = (value: string, otherwise: string): string => (value === '' ? otherwise : value)

/** listWithMoreString: the first three, and how many there are besides. */
export const firstThree = (items: readonly string[]): string => {
  if (items.length === 0) return '<unset>'
  const shown = items.slice(0, 3).join(',')
  return items.length > 3 ? `${shown} + ${items.length - 3} more...` : shown
}

/** helper.GetAccessModesAsString */
export const accessModes = (owner: View, field: string): string => {
  const given = strings(owner, field)
  return (
    [
      ['ReadWriteOnce', 'RWO'],
      ['ReadOnlyMany', 'ROX'],
      ['ReadWriteMany', 'RWX'],
      ['ReadWriteOncePod', 'RWOP'],
    ] as const
  )
    .filter(([mode]) => given.includes(mode))
    .map(([, short]) => short)
    .join(',')
}

const betaClass = 'volume.beta.kubernetes.io/storage-class'

/** GetPersistentVolumeClass, GetPersistentVolumeClaimClass */
export const storageClassOf = (object: View): string =>
  map(struct(object, 'metadata'), 'annotations')[betaClass] ?? text(struct(object, 'spec'), 'storageClassName')

/** Addresses of a load balancer, sorted, each once. */
export const balancerText = (status: View): string => {
  const shown = list(child(status, 'loadBalancer'), 'ingress').map((one) =>
    orElse(text(one, 'ip'), text(one, 'hostname')),
  )
  return [...new Set(shown.filter((one) => one !== ''))].sort().join(',')
}
