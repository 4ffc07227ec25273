import type { LinuxResources } from './cri.ts'

/** A call that changes something, as the runtime answered it: what `hop` entries are made of. */
export interface CriCall {
  readonly call:
    | 'RunPodSandbox'
    | 'StopPodSandbox'
    | 'RemovePodSandbox'
    | 'PullImage'
    | 'CreateContainer'
    | 'StartContainer'
    | 'StopContainer'
    | 'RemoveContainer'
    | 'ExecSync'
    | 'UpdateContainerResources'
  readonly podUid: string
  readonly namespace: string
  readonly pod: string
  readonly container?: string
  readonly attempt?: number
  readonly image?: string
  readonly timeout?: number
  readonly command?: readonly string[]
  readonly oomScoreAdj?: number
  readonly linux?: LinuxResources
  readonly error?: string
}
