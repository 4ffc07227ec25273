import type { KubeObject } from '../object.ts'
import type { Status } from '../types/meta-v1.generated.ts'

/** One event of a watch. `cause` is the timeline entry of the commit behind it. */
export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject; readonly cause: number }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string; readonly initialEventsEnd: boolean }
  | { readonly type: 'ERROR'; readonly status: Status }
