import type { LogLine } from '../../api/pods/select-log.ts'

export interface ContainerLogQuestion {
  /** Of the asking server. */
  readonly server: string
  readonly node: string
  readonly podUid: string
  readonly container: string
  /** Of the run before. */
  readonly previous: boolean
}

/** What a kubelet answers to GET /containerLogs; `unreachable` is how the connection to it fails, after its address. */
export type ContainerLogAnswer =
  { readonly lines: readonly LogLine[] } | { readonly unreachable: string; readonly address: string }

export type ContainerLogSource = (question: ContainerLogQuestion) => ContainerLogAnswer
