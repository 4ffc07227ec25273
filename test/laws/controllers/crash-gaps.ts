import type { LawOptions, LawRun } from './law-run.ts'

export type Gap = NonNullable<LawOptions['crash']>

/** Before and after each write that the controllers made in a run. Writes that are sent at one instant share what is before them. */
export const gapsOf = ({ writes }: Pick<LawRun, 'writes'>): readonly Gap[] => {
  const instants = new Set<number>()
  return writes.flatMap(({ sentAt }, index): readonly Gap[] => {
    const after = { after: index + 1 }
    if (sentAt <= 0 || instants.has(sentAt)) return [after]
    instants.add(sentAt)
    return [{ at: sentAt }, after]
  })
}
