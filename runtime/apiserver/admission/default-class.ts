import type { KubeObject } from '../../../api/object.ts'

/** Of several default classes the newest counts, then the first by name. */
export const newestDefault = (
  classes: readonly KubeObject[],
  annotations: readonly string[],
): KubeObject | undefined => {
  let found: KubeObject | undefined
  for (const one of classes) {
    if (!annotations.some((name) => one.metadata.annotations?.[name] === 'true')) continue
    if (found === undefined || one.metadata.creationTimestamp > found.metadata.creationTimestamp) found = one
    else if (
      one.metadata.creationTimestamp === found.metadata.creationTimestamp &&
      one.metadata.name < found.metadata.name
    )
      found = one
  }
  return found
}
