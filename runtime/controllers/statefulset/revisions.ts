import { applyDefaults } from '../../../api/defaults/apply-defaults.ts'
import { controllerRevisionHash, controllerRevisionName, revisionPatch } from '../../../api/hash/controller-revision.ts'
import type { Draft } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import { validSelector } from '../../../api/selectors/label-selector-from-object.ts'
import type { ControllerRevision, StatefulSet } from '../../../api/types/apps-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import type { Io } from '../../reconcile/controller.ts'
import { controllerOf, newControllerReference } from '../../reconcile/controller-reference.ts'
import {
  liveRevision,
  revisionData,
  revisionKind,
  sortRevisions,
  templateOf,
  updateRevision,
} from '../../reconcile/controller-history.ts'
import { fail, must } from '../../reconcile/refused.ts'
import { podRevision } from './identity.ts'

type Step<R> = Generator<ApiRequest, R, unknown>

export interface Revisions {
  readonly current: ControllerRevision
  readonly update: ControllerRevision
  readonly collisionCount: number
}

/** ListRevisions: the set's own and orphans that its selector matches. */
export const listRevisions = (io: Io, set: StatefulSet): readonly ControllerRevision[] => {
  const selector = validSelector(set.spec.selector)
  const orphans = io.read.indexed(revisionKind, 'controller', `orphans/${set.metadata.namespace ?? ''}`)
  const all = [...io.read.owned(revisionKind, set), ...orphans] as unknown as readonly ControllerRevision[]
  return sortRevisions(all.filter((one) => selector.matches(one.metadata.labels)))
}

/** adoptOrphanRevisions */
export function* adoptRevisions(io: Io, set: StatefulSet): Step<void> {
  const orphans = listRevisions(io, set).filter((one) => controllerOf(one) === undefined)
  if (orphans.length === 0) return
  const fresh = yield* io.live.get('apps/v1/StatefulSet', keyOf(set))
  const cannot = "can't adopt ControllerRevisions: "
  if (!fresh.ok) return fail(cannot + fresh.message)
  const { uid = '', deletionTimestamp } = fresh.object.metadata
  if (uid !== set.metadata.uid)
    return fail(`${cannot}original StatefulSet ${keyOf(set)} is gone: got uid ${uid}, wanted ${set.metadata.uid ?? ''}`)
  if (deletionTimestamp !== undefined)
    return fail(`${cannot}${keyOf(set)} has just been deleted at ${deletionTimestamp}`)
  for (const orphan of orphans) {
    const metadata = { uid: orphan.metadata.uid, ownerReferences: [newControllerReference(set)] }
    must(yield* io.write.patch(orphan, { metadata }))
  }
}

/** CreateControllerRevision: another name as long as a different revision has it. */
function* createRevision(
  io: Io,
  set: StatefulSet,
  revision: number,
): Step<{ readonly created: ControllerRevision; readonly collisionCount: number }> {
  const data = revisionPatch(set.spec.template)
  let collisionCount = set.status?.collisionCount ?? 0
  const labelHash = controllerRevisionHash(data, collisionCount)
  const { annotations } = set.metadata
  for (;;) {
    const name = controllerRevisionName(set.metadata.name ?? '', controllerRevisionHash(data, collisionCount))
    const draft = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name,
        ...(annotations === undefined ? {} : { annotations }),
        labels: { ...set.spec.template.metadata?.labels, 'controller.kubernetes.io/hash': labelHash },
        ownerReferences: [newControllerReference(set)],
      },
      data: JSON.parse(data) as unknown,
      revision,
    } as unknown as Draft
    const namespace = set.metadata.namespace ?? ''
    const answer = yield* io.write.create(draft, namespace)
    if (answer.ok || answer.reason !== 'AlreadyExists')
      return { created: must(answer) as ControllerRevision, collisionCount }
    const existing = yield* liveRevision(io, namespace, name)
    if (revisionData(existing) === data) return { created: existing, collisionCount }
    collisionCount += 1
  }
}

/** setMatchesLatestExistingRevision: a revision that lacks only what defaults have come to add since. */
const matchesWhenDefaulted = (io: Io, set: StatefulSet, latest: ControllerRevision): boolean => {
  const resource = io.served('apps/v1/StatefulSet')
  if (resource === undefined) return false
  const restored = { ...set, spec: { ...set.spec, template: templateOf(latest) } }
  const defaulted = applyDefaults(resource, restored) as unknown as StatefulSet
  return revisionPatch(defaulted.spec.template) === revisionPatch(set.spec.template)
}

/** getStatefulSetRevisions */
export function* syncRevisions(io: Io, set: StatefulSet, revisions: readonly ControllerRevision[]): Step<Revisions> {
  const data = revisionPatch(set.spec.template)
  const latest = revisions.at(-1)
  const equal = revisions.filter((one) => revisionData(one) === data).at(-1)
  let collisionCount = set.status?.collisionCount ?? 0
  let update: ControllerRevision
  if (latest !== undefined && equal !== undefined && revisionData(latest) === data) update = latest
  else if (latest !== undefined && equal !== undefined) update = yield* updateRevision(io, equal, latest.revision + 1)
  else if (latest !== undefined && matchesWhenDefaulted(io, set, latest)) update = latest
  else {
    const made = yield* createRevision(io, set, (latest?.revision ?? 0) + 1)
    update = made.created
    collisionCount = made.collisionCount
  }
  const current = revisions.find((one) => one.metadata.name === set.status?.currentRevision) ?? update
  return { current, update, collisionCount }
}

/** truncateHistory: the oldest revisions that no pod has. */
export function* truncateHistory(
  io: Io,
  set: StatefulSet,
  pods: readonly Pod[],
  state: { readonly revisions: readonly ControllerRevision[]; readonly live: readonly ControllerRevision[] },
): Step<void> {
  const live = new Set([...state.live.map((one) => one.metadata.name ?? ''), ...pods.map(podRevision)])
  const history = state.revisions.filter((one) => !live.has(one.metadata.name ?? ''))
  const limit = set.spec.revisionHistoryLimit ?? 10
  if (limit < 0) return
  for (const revision of history.slice(0, Math.max(0, history.length - limit))) must(yield* io.write.delete(revision))
}
