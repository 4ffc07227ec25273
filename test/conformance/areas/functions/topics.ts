import { quantity } from './quantity.ts'
import type { Topic } from './topic.ts'

/** By file name. */
export const topics: Readonly<Record<string, Readonly<Record<string, (input: unknown) => unknown>>>> = {
  quantity,
} satisfies Record<string, Topic> as never
