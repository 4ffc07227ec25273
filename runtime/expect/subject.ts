import type { KubeObject } from '../../api/object.ts'
import type { ContainerTruth } from '../record/container-truth.ts'

/** One thing that a noun names. */
export type Subject = ObjectSubject | ContainerSubject | NamedSubject | EntrySubject

/** An object of the API. `object` is what it was in the state `entry`; captured ones are looked up again by their UID. */
export interface ObjectSubject {
  readonly kind: 'object'
  readonly resource: string
  readonly namespace: string | undefined
  readonly name: string
  readonly uid: string
  readonly object: KubeObject
  readonly entry: number
}

/** A container in a node's runtime: ground truth. */
export interface ContainerSubject {
  readonly kind: 'container'
  readonly node: string
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly truth: ContainerTruth
}

/** What has only a name: a component, a zone, a user. `resource` is the pseudo-kind. */
export interface NamedSubject {
  readonly kind: 'named'
  readonly resource: string
  readonly name: string
}

/** An emitted Event (`events[…]`) or an API request (`audit[…]`): an entry of the timeline. */
export interface EntrySubject {
  readonly kind: 'entry'
  readonly resource: 'events' | 'audit'
  readonly entry: number
}

/** `deployment/web` in the words of the timeline: `deployments.apps/default/web`. */
export const subjectKey = (subject: Subject): string => {
  switch (subject.kind) {
    case 'object':
      return subject.namespace === undefined
        ? `${subject.resource}/${subject.name}`
        : `${subject.resource}/${subject.namespace}/${subject.name}`
    case 'container':
      return `containers/${subject.node}/${subject.namespace}/${subject.pod}/${subject.container}`
    case 'named':
      return subject.name.startsWith(`${subject.resource}/`) || subject.name === subject.resource
        ? `components/${subject.name}`
        : `${subject.resource}/${subject.name}`
    case 'entry':
      return `${subject.resource}/${subject.entry}`
  }
}
