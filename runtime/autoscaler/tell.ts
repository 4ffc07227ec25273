import type { KubeObject } from '../../api/object.ts'
import { minute, type Micros } from '../kernel/micros.ts'
import type { Scan } from './memory.ts'

type Type = 'Normal' | 'Warning'

/** utils/kubernetes: the recorder lets an event of the same words through once in five minutes (--record-duplicated-events). */
const silence: Micros = 5 * minute

export const tell = (
  { io, memory }: Pick<Scan, 'io' | 'memory'>,
  object: KubeObject,
  ...[type, reason, message]: readonly [Type, string, string]
): void => {
  const key = `${object.kind} ${object.metadata.uid ?? object.metadata.name} ${reason} ${message}`
  const before = memory.told.get(key)
  if (before !== undefined && io.now() - before < silence) return
  memory.told.set(key, io.now())
  io.event(object, type, reason, message)
}

/** The LogRecorder: events about the cluster as a whole. */
export const tellStatus = (scan: Pick<Scan, 'io' | 'memory'>, type: Type, reason: string, message: string): void => {
  const { status } = scan.memory
  if (status !== undefined) tell(scan, status, type, reason, message)
}
