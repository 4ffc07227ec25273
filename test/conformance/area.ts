/**
 * One area of recorded cases (see the README of the recorded data). A case agrees only if all that it records agrees; `run`
 * returns what does not, as readable text, or undefined.
 */
export interface Area {
  readonly name: string
  /** Reads the cases below `folder` (the area's own folder) one by one; nothing is run before `run` is called. */
  cases(folder: string): Iterable<ConformanceCase>
}

export interface ConformanceCase {
  readonly id: string
  /** File it came from, relative to the area's folder. */
  readonly file: string
  /** The recorded case as data, for `--case`. */
  readonly recorded: unknown
  run(): string | undefined
  /** The same without moments, where an area tells both: the order of things alone. */
  untimed?(): string | undefined
}
