import { isPodTerminal } from '../../api/pods/container-status.ts'
import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import type { SchedulingVerdict } from '../record/scheduling-verdict.ts'
import type { Change, Ledger } from './invariant.ts'

/**
 * Where pods are, as the scheduler sees it: placed from its decision on, before the binding is committed. Counts are kept for each
 * question that was ever asked, so that asking again costs nothing.
 */
export interface Placements {
  change(change: Change): void
  /** The pod and the node of a decision; undefined for any other verdict. It counts from now on. */
  placed(subject: string, verdict: SchedulingVerdict): { readonly pod: Pod; readonly node: Node } | undefined
  /** How many pods that match there are in each domain of a topology. */
  counts(question: Question): ReadonlyMap<string, number>
}

export interface Question {
  /** The same question has the same text. */
  readonly text: string
  readonly topologyKey: string
  readonly matches: (pod: Pod) => boolean
}

interface Answer {
  readonly question: Question
  readonly counts: Map<string, number>
}

export const createPlacements = (ledger: Ledger): Placements => {
  const places = new Map<string, { readonly pod: Pod; readonly node: string }>()
  const answers = new Map<string, Answer>()

  const nodeOf = (name: string): Node | undefined => ledger.state.get('nodes', undefined, name) as Node | undefined
  const count = (answer: Answer, place: { readonly pod: Pod; readonly node: string }, by: 1 | -1): void => {
    const { question, counts } = answer
    if (!question.matches(place.pod)) return
    const domain = nodeOf(place.node)?.metadata.labels?.[question.topologyKey]
    if (domain !== undefined) counts.set(domain, (counts.get(domain) ?? 0) + by)
  }
  const remove = (subject: string): void => {
    const place = places.get(subject)
    if (place === undefined) return
    places.delete(subject)
    for (const answer of answers.values()) count(answer, place, -1)
  }
  const put = (subject: string, pod: Pod, node: string): void => {
    const known = places.get(subject)
    if (known?.pod === pod && known.node === node) return
    remove(subject)
    const place = { pod, node }
    places.set(subject, place)
    for (const answer of answers.values()) count(answer, place, 1)
  }
  return {
    change({ subject, object }) {
      const pod = object as Pod | undefined
      if (pod === undefined || isPodTerminal(pod) || pod.metadata.deletionTimestamp !== undefined) remove(subject)
      else if ((pod.spec.nodeName ?? '') !== '') {
        const known = places.get(subject)
        // Status writes change nothing here.
        if (known?.node !== pod.spec.nodeName || known?.pod.metadata.labels !== pod.metadata.labels)
          put(subject, pod, pod.spec.nodeName!)
      }
    },
    placed(subject, verdict) {
      if (verdict.outcome !== 'placed' || verdict.node === undefined) return undefined
      const [, namespace, name = ''] = subject.split('/')
      const pod = ledger.state.get('pods', namespace, name) as Pod | undefined
      const node = nodeOf(verdict.node)
      if (pod === undefined || node === undefined) return undefined
      put(subject, pod, verdict.node)
      return { pod, node }
    },
    counts(question) {
      let answer = answers.get(question.text)
      if (answer === undefined) {
        answer = { question, counts: new Map() }
        answers.set(question.text, answer)
        for (const place of places.values()) count(answer, place, 1)
      }
      return answer.counts
    },
  }
}
