import { crashProcess } from './crash-process.ts'
import type { Fault } from './fault.ts'

/** `down storageclass/ssd`: its driver is gone. No volume is made or deleted until it is back; those that are there stay in use. */
export const downStorageClass: Fault = { ...crashProcess, name: 'down storageclass' }
