import type { Actor } from '../kernel/actor.ts'
import { InvariantError } from '../kernel/invariant-error.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { EntryKind, Trace } from '../kernel/trace.ts'
import { createInterner } from './interner.ts'
import type { Timeline } from './timeline.ts'

/** The writing end of the record: a trace for the components, a timeline for everybody else. */
export interface TimelineWriter extends Trace, Timeline {
  /** Called with each entry's index right after it was appended. Returns how to stop. */
  subscribe(listener: (entry: number) => void): () => void
}

const kinds: readonly EntryKind[] = ['request', 'revision', 'truth', 'verdict', 'emission', 'hop', 'fault', 'step']
const kindCode: Readonly<Record<EntryKind, number>> = {
  request: 0,
  revision: 1,
  truth: 2,
  verdict: 3,
  emission: 4,
  hop: 5,
  fault: 6,
  step: 7,
}
const firstCapacity = 1024

/** Columns that grow by doubling; names are interned, data are references. Entries take the instant and the cause from the kernel. */
export const createTimeline = (kernel: Kernel): TimelineWriter => {
  let capacity = firstCapacity
  let length = 0
  let times = new Float64Array(capacity)
  let codes = new Uint8Array(capacity)
  let actors = new Uint16Array(capacity)
  let actions = new Uint16Array(capacity)
  let subjects = new Uint32Array(capacity)
  let causes = new Int32Array(capacity)
  const data: unknown[] = []
  const actorNames = createInterner()
  const actionNames = createInterner()
  const subjectNames = createInterner()
  /** subject → its entries, filled up to `filed` when somebody asks. */
  const bySubject: number[][] = []
  let filed = 0
  const listeners: ((entry: number) => void)[] = []

  const grow = (): void => {
    capacity *= 2
    const copy = <A extends Float64Array | Uint8Array | Uint16Array | Uint32Array | Int32Array>(from: A, to: A): A => {
      to.set(from)
      return to
    }
    times = copy(times, new Float64Array(capacity))
    codes = copy(codes, new Uint8Array(capacity))
    actors = copy(actors, new Uint16Array(capacity))
    actions = copy(actions, new Uint16Array(capacity))
    subjects = copy(subjects, new Uint32Array(capacity))
    causes = copy(causes, new Int32Array(capacity))
  }

  // eslint-disable-next-line max-params -- the five columns of an entry: an object for them would be one more allocation an entry
  const append = (kind: EntryKind, actor: Actor, action: string, subject: string, value?: unknown): number => {
    if (length === capacity) grow()
    const entry = length
    times[entry] = kernel.now
    codes[entry] = kindCode[kind]
    actors[entry] = actorNames.index(actor.name)
    actions[entry] = actionNames.index(action)
    subjects[entry] = subjectNames.index(subject)
    causes[entry] = kernel.cause
    data.push(value)
    length += 1
    for (const listener of listeners) listener(entry)
    return entry
  }

  const checked = (entry: number): number => {
    if (entry < 0 || entry >= length) throw new InvariantError('record', 'no such timeline entry', { entry, length })
    return entry
  }

  return {
    append,
    get length() {
      return length
    },
    time: (entry) => times[checked(entry)]!,
    kind: (entry) => kinds[codes[checked(entry)]!]!,
    actor: (entry) => actorNames.text(actors[checked(entry)]!),
    action: (entry) => actionNames.text(actions[checked(entry)]!),
    subject: (entry) => subjectNames.text(subjects[checked(entry)]!),
    data: (entry) => data[checked(entry)],
    cause: (entry) => causes[checked(entry)]!,
    about(subject) {
      for (; filed < length; filed += 1) (bySubject[subjects[filed]!] ??= []).push(filed)
      const index = subjectNames.find(subject)
      return index === undefined ? [] : (bySubject[index] ?? [])
    },
    subscribe(listener) {
      listeners.push(listener)
      return () => {
        const at = listeners.indexOf(listener)
        if (at >= 0) listeners.splice(at, 1)
      }
    },
  }
}
