import { controllerRevisionStrategy } from './controller-revision.ts'
import { cronJobStrategy } from './cron-job.ts'
import { daemonSetStrategy } from './daemon-set.ts'
import { deploymentStrategy } from './deployment.ts'
import { jobStrategy } from './job.ts'
import { podStrategy } from './pod.ts'
import { replicaSetStrategy } from './replica-set.ts'
import { replicationControllerStrategy } from './replication-controller.ts'
import { statefulSetStrategy } from './stateful-set.ts'
import type { Strategy } from './strategy.ts'

const none: Strategy = {}

/** By resource id. A kind that is not here has generic metadata checks only. */
const strategies: Readonly<Record<string, Strategy>> = {
  'v1/Pod': podStrategy,
  'v1/ReplicationController': replicationControllerStrategy,
  'apps/v1/ControllerRevision': controllerRevisionStrategy,
  'apps/v1/DaemonSet': daemonSetStrategy,
  'apps/v1/Deployment': deploymentStrategy,
  'apps/v1/ReplicaSet': replicaSetStrategy,
  'apps/v1/StatefulSet': statefulSetStrategy,
  'batch/v1/CronJob': cronJobStrategy,
  'batch/v1/Job': jobStrategy,
}

export const strategyOf = (resourceId: string): Strategy => strategies[resourceId] ?? none
