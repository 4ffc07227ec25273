import { isKeptByServer } from './diff-objects.ts'
import type { FieldChange } from './diff-values.ts'

/** What a change is a change of: what somebody wants, what is, or what the server and its clients keep on their own account. */
export type ChangeGroup = 'wanted' | 'status' | 'kept'

const bookkeeping: ReadonlySet<string> = new Set(['kubectl.kubernetes.io/last-applied-configuration'])

const isBookkeeping = ({ path: [first, second, third] }: FieldChange): boolean =>
  first?.kind === 'field' &&
  first.name === 'metadata' &&
  second?.kind === 'field' &&
  ((second.name === 'annotations' && third?.kind === 'field' && bookkeeping.has(third.name)) ||
    second.name === 'generateName' ||
    second.name === 'deletionGracePeriodSeconds')

export const changeGroup = (change: FieldChange): ChangeGroup => {
  const [first] = change.path
  if (first?.kind === 'field' && first.name === 'status') return 'status'
  return isKeptByServer(change) || isBookkeeping(change) ? 'kept' : 'wanted'
}
