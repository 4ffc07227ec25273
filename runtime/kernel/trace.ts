import type { Actor } from './actor.ts'

/**
 * What a timeline entry is about.
 * - `request`: an API request has been answered (action: the verb; data: RequestNote)
 * - `revision`: etcd committed a write (data: the object now, or undefined when it is gone)
 * - `truth`: something changed outside the API: a container, an image, a node's power, a component, a leader
 * - `verdict`: a scheduling attempt ended (data: the scheduler's verdict)
 * - `emission`: a component emitted a Kubernetes Event (data: its type, reason, message)
 * - `hop`: one step of the pod-creation flow inside a component, such as `kubelet:sync`
 * - `fault`: a fault was injected or healed
 * - `step`: the script began or ended a statement
 */
export type EntryKind = 'request' | 'revision' | 'truth' | 'verdict' | 'emission' | 'hop' | 'fault' | 'step'

/** The one way into the timeline. The kernel adds the instant and the cause. */
export interface Trace {
  /**
   * Appends an entry and returns its index. `subject` is an object's key (`pods/default/web-0`, `deployments.apps/default/web`,
   * `nodes/workers-0`) or that of a ground truth (`containers/workers-0/default/web-0/app`, `machines/workers-0`,
   * `components/kube-scheduler`, `images/workers-0/web:v1`). `data` must be frozen: it is kept, not copied.
   */
  append(kind: EntryKind, actor: Actor, action: string, subject: string, data?: unknown): number
}
