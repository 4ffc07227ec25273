import { second, type Micros } from '../kernel/micros.ts'

/** How long so many bytes take at so many bytes a second. */
export const transferTime = (bytes: number, bandwidth: number): Micros =>
  Math.ceil((bytes / Math.max(1, bandwidth)) * second)
