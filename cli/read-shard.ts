import type { Exploration } from '../runtime/record/exploration.ts'
import { UsageError } from './usage-error.ts'

/** `--shard 2/3`; */
export const readShard = (text: string | undefined): Exploration['shard'] => {
  if (text === undefined) return undefined
  const found = /^([0-9]+)\/([0-9]+)$/.exec(text)
  const index = Number(found?.[1])
  const count = Number(found?.[2])
  if (found === null || index < 1 || index > count)
    throw new UsageError(
      `--shard ${text} is no part of a whole`,
      'the second of three is --shard 2/3; in an Indexed Job: --shard $((JOB_COMPLETION_INDEX + 1))/N',
    )
  return { index, count }
}
