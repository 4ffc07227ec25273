/** Data of a `truth` entry about a line that a container has printed. Subject `logs/<node>/<namespace>/<pod>/<container>`. */
export interface LogTruth {
  readonly podUid: string
  /** Which run of the container. */
  readonly attempt: number
  readonly line: string
}
