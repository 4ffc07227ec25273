import type { ReplicaSet } from '../../../api/types/apps-v1.generated.ts'
import type { ReplicationController } from '../../../api/types/core-v1.generated.ts'
import { selectorFromSet } from '../../../api/selectors/label-selector.ts'
import type { Controller } from '../../reconcile/controller.ts'
import { createReplicaSetController } from './controller.ts'

/** kube-controller-manager's replicationcontroller-controller: upstream's pkg/controller/replication is an adapter of the ReplicaSet's. */
export const replicationController = (workers = 5): Controller<ReplicaSet> =>
  createReplicaSetController({
    name: 'replication-controller',
    kind: 'v1/ReplicationController',
    workers,
    reportsTerminating: false,
    selectorOf: (set) => selectorFromSet((set as unknown as ReplicationController).spec?.selector),
  })
