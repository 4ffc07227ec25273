/** Data of a `truth` entry about a container: what its runtime knows. Subject `containers/<node>/<namespace>/<pod>/<container>`. */
export interface ContainerTruth {
  readonly state: 'Waiting' | 'Running' | 'Terminated' | 'Removed'
  readonly podUid: string
  readonly labels: Readonly<Record<string, string>>
  readonly image: string
  readonly attempt: number
  readonly exitCode: number | undefined
  readonly reason: string | undefined
}
