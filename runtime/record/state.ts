import type { KubeObject } from '../../api/object.ts'
import type { Micros } from '../kernel/micros.ts'

/**
 * The cluster at one instant, as expectations see it: what etcd holds, and the ground truth. Grows with the timeline; every
 * answer is an index, none a scan over other kinds. Resources are named `pods`, `deployments.apps`.
 */
export interface State {
  readonly now: Micros
  /** Last timeline entry included; -1 at the very start. */
  readonly entry: number
  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined
  /** Live objects of a resource in order of namespace and name. */
  list(resource: string, namespace: string | undefined): readonly KubeObject[]
  /**
   * Each change of the resource from the first time that somebody asked: the object, or of one that is gone the last that it was.
   * Grows; who follows it notes how far it has read. Absent where changes are not kept.
   */
  readonly changes?: (resource: string) => readonly KubeObject[]
  /** Data of the last `truth` entry about the subject; undefined if none. */
  truth(subject: string): unknown
  /** Subjects of ground truth that begin with a prefix, in order of their text: `containers/`, `components/`. */
  truths(prefix: string): readonly string[]
  readonly revision: number
}
