import { goJson } from '../../api/json/go-json.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { ControllerRevision } from '../../api/types/apps-v1.generated.ts'
import type { PodTemplateSpec } from '../../api/types/core-v1.generated.ts'
import { keyOf } from '../client/object-key.ts'
import type { Io } from './controller.ts'
import { must } from './refused.ts'

// pkg/controller/history/controller_history.go

export const revisionKind = 'apps/v1/ControllerRevision'

const texts = new WeakMap<object, string>()

/** The data of a stored revision as upstream keeps it: the bytes of a patch. */
export const revisionData = (revision: ControllerRevision): string => {
  const { data } = revision
  if (typeof data !== 'object') return ''
  const known = texts.get(data)
  if (known !== undefined) return known
  const text = goJson(data)
  texts.set(data, text)
  return text
}

/** The pod template that a revision stands for. */
export const templateOf = (revision: ControllerRevision): PodTemplateSpec => {
  const { $patch: _, ...template } = (
    revision.data as unknown as { spec: { template: PodTemplateSpec & { $patch?: string } } }
  ).spec.template
  return template
}

/** SortControllerRevisions: by revision, then by age, then by name. */
export const sortRevisions = (revisions: readonly ControllerRevision[]): readonly ControllerRevision[] =>
  [...revisions].sort((a, b) => {
    if (a.revision !== b.revision) return a.revision - b.revision
    const [createdA, createdB] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '']
    if (createdA !== createdB) return createdA < createdB ? -1 : 1
    return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
  })

export function* updateRevision(
  io: Io,
  revision: ControllerRevision,
  number: number,
): Generator<ApiRequest, ControllerRevision, unknown> {
  if (revision.revision === number) return revision
  const answer = yield* io.write.update({ ...revision, revision: number } as KubeObject)
  return must(answer) as ControllerRevision
}

/** The live revision of this name. */
export function* liveRevision(
  io: Io,
  namespace: string,
  name: string,
): Generator<ApiRequest, ControllerRevision, unknown> {
  return must(yield* io.live.get(revisionKind, keyOf({ metadata: { namespace, name } }))) as ControllerRevision
}
