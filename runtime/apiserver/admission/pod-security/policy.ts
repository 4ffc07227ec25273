import { baseline } from './baseline.ts'
import type { PodShape, Violation } from './check.ts'
import { restricted } from './restricted.ts'

export type Level = 'privileged' | 'baseline' | 'restricted'

export interface LevelVersion {
  readonly level: Level
  /** Minor version; undefined: the latest. */
  readonly minor: number | undefined
}

export const levelText = ({ level, minor }: LevelVersion): string =>
  `${level}:${minor === undefined ? 'latest' : `v1.${minor}`}`

/** policy.NewEvaluator: the checks of a level at a version, those of baseline first, each by its id. */
export const violations = ({ level, minor = Infinity }: LevelVersion, pod: PodShape): readonly Violation[] => {
  if (level === 'privileged') return []
  const at = (one: (typeof baseline)[number]): ((pod: PodShape) => Violation | undefined) | undefined =>
    one.versions.filter(([from]) => from <= minor).pop()?.[1]
  const stricter = level === 'restricted' ? restricted.filter((one) => at(one) !== undefined) : []
  const overridden = new Set(stricter.flatMap((one) => one.overrides ?? []))
  const found: Violation[] = []
  for (const one of [...baseline.filter(({ id }) => !overridden.has(id)), ...stricter]) {
    const violation = at(one)?.(pod)
    if (violation !== undefined) found.push(violation)
  }
  return found
}

export const violationsText = (found: readonly Violation[]): string =>
  found.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ')
