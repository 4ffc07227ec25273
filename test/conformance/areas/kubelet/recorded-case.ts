export type Json = null | boolean | number | string | Json[] | { [field: string]: Json }
export type JsonObject = { [field: string]: Json }

export interface ScriptedImage {
  readonly present?: boolean
  readonly pullMs?: number
  readonly sizeBytes?: number
  readonly failures?: readonly string[]
  readonly alwaysFails?: string
}

export interface ScriptedRun {
  readonly createError?: string
  readonly startError?: string
  readonly exitAfterMs?: number
  readonly exitCode?: number
  readonly reason?: string
  readonly message?: string
  readonly onTerm?: { readonly afterMs?: number; readonly exitCode: number; readonly ignore?: boolean }
}

export interface ScriptedExec {
  readonly fromMs: number
  readonly exitCode?: number
  readonly output?: string
  readonly tookMs?: number
  readonly error?: string
}

export interface ScriptedContainer {
  readonly runs?: readonly ScriptedRun[]
  readonly exec?: Readonly<Record<string, readonly ScriptedExec[]>>
  readonly memoryMi?: number
}

export interface Script {
  readonly images?: Readonly<Record<string, ScriptedImage>>
  readonly sandboxFailures?: readonly string[]
  readonly sandboxMs: number
  readonly createMs: number
  readonly startMs: number
  readonly containers?: Readonly<Record<string, ScriptedContainer>>
  readonly nodeMemory?: readonly { readonly fromMs: number; readonly usedMi: number }[]
}

export interface RecordedAction {
  readonly atMs: number
  readonly do: string
  readonly pod?: string
  readonly name?: string
  readonly gracePeriodSeconds?: number
  readonly patch?: JsonObject
}

/** What a run of the kubelet leaves behind, recorded or ours. */
export interface Observed {
  readonly statuses: readonly JsonObject[]
  readonly events: readonly JsonObject[]
  readonly cri: readonly JsonObject[]
  readonly writes: readonly JsonObject[]
  readonly nodeWrites?: readonly JsonObject[]
  readonly remaining: readonly string[]
}

export interface RecordedCase extends Observed {
  readonly id: string
  readonly node: {
    readonly cpu: number
    readonly memory: string
    readonly maxPods?: number
    readonly labels?: Readonly<Record<string, string>>
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[]
    readonly kubeletConfiguration?: JsonObject
    readonly recordNode?: boolean
  }
  readonly pods: readonly JsonObject[]
  readonly staticPods?: readonly JsonObject[]
  readonly objects?: readonly JsonObject[]
  readonly script: Script
  readonly actions: readonly RecordedAction[]
  readonly untilMs: number
  readonly toleranceMs?: number
}
