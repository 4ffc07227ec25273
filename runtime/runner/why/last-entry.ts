import type { Emission } from '../../record/emission.ts'
import type { Timeline } from '../../record/timeline.ts'

/** The last entry about a subject that passes; undefined if there is none. */
export const lastEntry = (
  timeline: Timeline,
  subject: string,
  passes: (entry: number) => boolean,
): number | undefined => {
  const about = timeline.about(subject)
  for (let index = about.length - 1; index >= 0; index -= 1) if (passes(about[index]!)) return about[index]
  return undefined
}

/** The last Event of a subject with one of the reasons. */
export const lastEmission = (
  timeline: Timeline,
  subject: string,
  reasons: readonly string[],
): { readonly entry: number; readonly emission: Emission } | undefined => {
  const entry = lastEntry(
    timeline,
    subject,
    (one) => timeline.kind(one) === 'emission' && reasons.includes((timeline.data(one) as Emission).reason),
  )
  return entry === undefined ? undefined : { entry, emission: timeline.data(entry) as Emission }
}
