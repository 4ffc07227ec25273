import type { EntryKind } from '../../runtime/kernel/trace.ts'

/** Kinds of entries by their number in a packed timeline. Only ever added to. */
export const entryKinds: readonly EntryKind[] = [
  'request',
  'revision',
  'truth',
  'verdict',
  'emission',
  'hop',
  'fault',
  'step',
]
