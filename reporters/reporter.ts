import type { Record } from '../runtime/record/record.ts'

/**
 * A reporter is a pure function of records: the same records give the same bytes. `record` is called as each scenario ends,
 * `end` once; what they return is written in that order. The last text ends with a newline.
 */
export interface Reporter {
  readonly name: string
  /** One line for `kscn run --help`. */
  readonly description: string
  record(record: Record, context: ReportContext): string
  end(records: readonly Record[], context: ReportContext): string
}

export interface ReportContext {
  /** Texts of the scenario files, by path, for positions and frames. */
  readonly sources: ReadonlyMap<string, string>
  readonly color: boolean
  /** Columns of the terminal; 100 where there is none. */
  readonly width: number
  readonly version: string
  /** Wall-clock milliseconds of the whole run; undefined with --deterministic. */
  readonly elapsed: number | undefined
  /** Whether the run was cut short by Ctrl-C. */
  readonly interrupted: boolean
}
