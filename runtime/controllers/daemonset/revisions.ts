import { daemonSetRevision, revisionPatch } from '../../../api/hash/controller-revision.ts'
import type { Draft, KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import { validSelector } from '../../../api/selectors/label-selector-from-object.ts'
import type { ControllerRevision, DaemonSet } from '../../../api/types/apps-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import { claimObjects } from '../../reconcile/claim.ts'
import type { Io } from '../../reconcile/controller.ts'
import { newControllerReference } from '../../reconcile/controller-reference.ts'
import { liveRevision, revisionData, revisionKind } from '../../reconcile/controller-history.ts'
import { fail, must } from '../../reconcile/refused.ts'
import { hashLabel } from './decide-pods.ts'

// pkg/controller/daemon/update.go

type Step<R> = Generator<ApiRequest, R, unknown>

export interface History {
  readonly current: ControllerRevision
  readonly old: readonly ControllerRevision[]
}

export const revisionHash = (revision: ControllerRevision): string => revision.metadata.labels?.[hashLabel] ?? ''

/** snapshot: a new revision; a name that is taken by another template makes the next try use another hash. */
function* snapshot(io: Io, set: DaemonSet, revision: number): Step<ControllerRevision> {
  const { name, hash, data } = daemonSetRevision(set.metadata.name ?? '', set.spec.template, set.status?.collisionCount)
  const { annotations, namespace = '' } = set.metadata
  const draft = {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name,
      namespace,
      labels: { ...set.spec.template.metadata?.labels, [hashLabel]: hash },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [newControllerReference(set)],
    },
    data: JSON.parse(data) as unknown,
    revision,
  } as unknown as Draft
  const answer = yield* io.write.create(draft, namespace)
  if (answer.ok || answer.reason !== 'AlreadyExists') return must(answer) as unknown as ControllerRevision
  const existing = yield* liveRevision(io, namespace, name)
  if (revisionData(existing) === data) return existing
  const live = must(yield* io.live.get('apps/v1/DaemonSet', keyOf(set))) as unknown as DaemonSet
  const [now, before] = [live.status?.collisionCount, set.status?.collisionCount]
  if (now !== before) fail(`found a stale collision count of DaemonSet "${set.metadata.name ?? ''}" while processing`)
  must(
    yield* io.write.updateStatus({ ...live, status: { ...live.status, collisionCount: (now ?? 0) + 1 } } as KubeObject),
  )
  return must<never>(answer)
}

/** dedupCurHistories: pods of the duplicates get the kept one's label, the duplicates go. */
function* keepOne(io: Io, pods: readonly Pod[], revisions: readonly ControllerRevision[]): Step<ControllerRevision> {
  let kept = revisions[0]!
  for (const one of revisions) if (one.revision >= kept.revision) kept = one
  if (revisions.length === 1) return kept
  for (const pod of pods) {
    const label = { [hashLabel]: revisionHash(kept) }
    if (pod.metadata.labels?.[hashLabel] === label[hashLabel]) continue
    must(yield* io.write.patch(pod, { metadata: { labels: label } }, { type: 'merge' }))
  }
  for (const one of revisions) if (one.metadata.name !== kept.metadata.name) must(yield* io.write.delete(one))
  return kept
}

/** constructHistory. `pods`: the set's own. */
export function* constructHistory(io: Io, set: DaemonSet, pods: readonly Pod[]): Step<History> {
  const selector = validSelector(set.spec.selector)
  const orphans = io.read.indexed(revisionKind, 'controller', `orphans/${set.metadata.namespace ?? ''}`)
  const { claimed, error } = yield* claimObjects(io, {
    owner: set,
    candidates: [...io.read.owned(revisionKind, set), ...orphans],
    matches: (one) => selector.matches(one.metadata.labels),
  })
  if (error !== undefined) fail(error)
  const data = revisionPatch(set.spec.template)
  const equal: ControllerRevision[] = []
  const old: ControllerRevision[] = []
  for (const claim of claimed as unknown as readonly ControllerRevision[]) {
    let revision = claim
    if (revision.metadata.labels?.[hashLabel] === undefined) {
      const labels = { ...revision.metadata.labels, [hashLabel]: revision.metadata.name ?? '' }
      revision = must(
        yield* io.write.update({ ...revision, metadata: { ...revision.metadata, labels } }),
      ) as unknown as ControllerRevision
    }
    ;(revisionData(revision) === data ? equal : old).push(revision)
  }
  const number = old.reduce((most, one) => Math.max(most, one.revision), 0) + 1
  if (equal.length === 0) return { current: yield* snapshot(io, set, number), old }
  const current = yield* keepOne(io, pods, equal)
  if (current.revision < number) must(yield* io.write.update({ ...current, revision: number } as KubeObject))
  return { current, old }
}

/** cleanupHistory */
export function* cleanupHistory(
  io: Io,
  set: DaemonSet,
  pods: readonly Pod[],
  old: readonly ControllerRevision[],
): Step<void> {
  let surplus = old.length - (set.spec.revisionHistoryLimit ?? 10)
  if (surplus <= 0) return
  const live = new Set(pods.map((pod) => pod.metadata.labels?.[hashLabel] ?? ''))
  for (const revision of [...old].sort((a, b) => a.revision - b.revision)) {
    if (surplus <= 0) return
    const hash = revisionHash(revision)
    if (hash !== '' && live.has(hash)) continue
    must(yield* io.write.delete(revision))
    surplus -= 1
  }
}
