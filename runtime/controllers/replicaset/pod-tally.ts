import type { Key } from '../../../api/kind.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ReplicaSet } from '../../../api/types/apps-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import type { LabelSelectorPredicate } from '../../../api/selectors/label-selector.ts'
import { keyOf } from '../../client/object-key.ts'
import { controllerOf } from '../../reconcile/controller-reference.ts'
import type { Io } from '../../reconcile/controller.ts'
import { isPodActive, isPodReady, isPodTerminating } from '../../reconcile/pod-state.ts'
import { withLabels, type PodCounts } from './decide-status.ts'

/** How many pods of a set are what, without a look at those that have not changed since the last time. */
export interface PodTally extends PodCounts {
  /** Active, but the selector no longer matches: to be released. */
  readonly strangers: number
  readonly terminating: number
}

export interface PodTallies {
  /** An event on a pod. */
  changed(pod: KubeObject, before: KubeObject | undefined): void
  of(set: ReplicaSet, selector: LabelSelectorPredicate, io: Io<ReplicaSet>): PodTally
  forget(key: Key): void
}

interface Verdict {
  readonly active: boolean
  readonly stranger: boolean
  readonly terminating: boolean
  readonly labeled: boolean
  readonly ready: boolean
}

interface View {
  readonly uid: string
  /** The set's selector and its template's labels, by identity: with others every pod is looked at again. */
  readonly selects: unknown
  readonly labels: unknown
  readonly verdicts: Map<Key, Verdict>
  readonly dirty: Set<Key>
  readonly tally: { -readonly [F in keyof PodTally]: number }
}

const noLabels: Readonly<Record<string, string>> = Object.freeze({})

const count = ({ tally }: View, verdict: Verdict | undefined, by: 1 | -1): void => {
  if (verdict === undefined) return
  if (verdict.terminating) tally.terminating += by
  if (verdict.stranger) tally.strangers += by
  if (!verdict.active) return
  tally.replicas += by
  if (verdict.labeled) tally.labeled += by
  if (verdict.ready) {
    tally.ready += by
    tally.available += by
  }
}

export const createPodTallies = (): PodTallies => {
  const views = new Map<Key, View>()

  const touch = (pod: KubeObject, key: Key): void => {
    const owner = controllerOf(pod)
    if (owner === undefined) return
    const view = views.get(`${pod.metadata.namespace ?? ''}/${owner.name}`)
    if (view?.uid === owner.uid) view.dirty.add(key)
  }

  const look = (view: View, key: Key, pod: Pod | undefined, judge: (pod: Pod) => Verdict): void => {
    const verdict = pod !== undefined && controllerOf(pod)?.uid === view.uid ? judge(pod) : undefined
    count(view, view.verdicts.get(key), -1)
    count(view, verdict, 1)
    if (verdict === undefined) view.verdicts.delete(key)
    else view.verdicts.set(key, verdict)
  }

  return {
    changed(pod, before) {
      if (views.size === 0) return
      const key = keyOf(pod)
      touch(pod, key)
      if (before !== undefined && before.metadata.ownerReferences !== pod.metadata.ownerReferences) touch(before, key)
    },
    of(set, selector, io) {
      const key = keyOf(set)
      const labels = set.spec?.template?.metadata?.labels ?? noLabels
      const selects = set.spec?.selector
      const judge = (pod: Pod): Verdict => {
        const matches = selector.matches(pod.metadata.labels)
        const active = isPodActive(pod)
        return {
          active: active && matches,
          stranger: active && !matches,
          terminating: matches && isPodTerminating(pod),
          labeled: withLabels(pod, labels),
          ready: isPodReady(pod),
        }
      }
      let view = views.get(key)
      if (view === undefined || view.uid !== set.metadata.uid || view.selects !== selects || view.labels !== labels) {
        view = {
          uid: set.metadata.uid,
          selects,
          labels,
          verdicts: new Map(),
          dirty: new Set(),
          tally: { replicas: 0, labeled: 0, ready: 0, available: 0, strangers: 0, terminating: 0 },
        }
        views.set(key, view)
        for (const pod of io.read.owned('v1/Pod', set) as readonly Pod[]) look(view, keyOf(pod), pod, judge)
      } else {
        for (const one of view.dirty) look(view, one, io.read.get('v1/Pod', one) as Pod | undefined, judge)
        view.dirty.clear()
      }
      return view.tally
    },
    forget: (key) => views.delete(key),
  }
}
