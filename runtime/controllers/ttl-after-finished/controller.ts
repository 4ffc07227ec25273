import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Job } from '../../../api/types/batch-v1.generated.ts'
import { parseTimestamp } from '../../client/timestamp.ts'
import { second, type Micros } from '../../kernel/micros.ts'
import { done, type Controller, type Result } from '../../reconcile/controller.ts'

/** How long a finished Job with a TTL has left; undefined for one that stays. */
const timeLeft = (job: Job, wall: Micros): Micros | undefined => {
  const { ttlSecondsAfterFinished } = job.spec
  if (ttlSecondsAfterFinished === undefined || job.metadata.deletionTimestamp !== undefined) return undefined
  const finished = job.status?.conditions?.find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  )
  const at = parseTimestamp(finished?.lastTransitionTime)
  return at === undefined ? undefined : at + ttlSecondsAfterFinished * second - wall
}

/** kube-controller-manager's ttl-after-finished-controller: pkg/controller/ttlafterfinished. */
export const ttlAfterFinishedController = (workers = 5): Controller<Job> => ({
  name: 'ttl-after-finished-controller',
  reconciles: 'batch/v1/Job',
  workers,
  when: ({ type, object }) => type !== 'deleted' && timeLeft(object as Job, 0) !== undefined,
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const job = io.read.get(key)
    const left = job === undefined ? undefined : timeLeft(job, io.wall())
    if (left === undefined) return done
    if (left > 0) return { requeueAfter: left }
    const fresh = yield* io.live.get('batch/v1/Job', key)
    if (!fresh.ok) return fresh.code === 404 ? done : { retry: fresh.message }
    const freshLeft = timeLeft(fresh.object as Job, io.wall())
    if (freshLeft === undefined) return done
    if (freshLeft > 0) return { requeueAfter: freshLeft }
    const { uid } = fresh.object.metadata
    const deleted = yield* io.write.delete(fresh.object, {
      propagationPolicy: 'Foreground',
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    })
    return deleted.ok ? done : { retry: deleted.message }
  },
})
