/** One case as recorded (README of the recorded data). */
export interface RecordedCase {
  readonly id: string
  readonly title: string
  readonly category: string
  readonly flags?: string
  readonly epochMs: number
  readonly nodes?: readonly JsonMap[]
  readonly steps: readonly Step[]
  readonly trace: readonly Entry[]
  readonly events: readonly RecordedEvent[]
  readonly compare: {
    readonly loose?: Readonly<Record<string, readonly number[]>>
    readonly anonymous?: readonly string[]
    readonly unordered?: readonly string[]
    readonly events: 'exact' | 'messages' | 'free'
  }
}

export type JsonMap = { readonly [field: string]: unknown }

export interface Step {
  readonly at: number
  readonly w: number
  readonly by: string
  readonly do: string
  readonly res?: string
  readonly sub?: string
  readonly ns?: string
  readonly name?: string
  readonly type?: string
  readonly body?: unknown
  readonly code?: number
}

export interface Entry {
  readonly ms: number
  readonly w: number
  readonly step?: number
  readonly by: string
  readonly verb: string
  readonly res: string
  readonly sub?: string
  readonly ns?: string
  readonly name: string
  readonly code: number
  readonly error?: string
  readonly noop?: boolean
  readonly gone?: boolean
  readonly times?: string
  readonly body?: unknown
  readonly diff?: unknown
}

export interface RecordedEvent {
  readonly by: string
  readonly regarding: string
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly count: number
}
