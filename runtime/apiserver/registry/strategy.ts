import type { KubeObject } from '../../../api/object.ts'
import type { DeleteOptions } from '../../../api/types/meta-v1.generated.ts'
import type { ServerContext } from '../server-context.ts'
import type { Refusal } from '../status.ts'

/** What a kind does otherwise than the generic registry (registry/generic Store and the strategies of pkg/registry). */
export interface Strategy {
  /** `apps/v1/Deployment`; the kind as stored. */
  readonly kind: string
  /** Grace in seconds for a delete; undefined: the kind knows no graceful deletion. */
  grace?(object: KubeObject, options: DeleteOptions): number | undefined
  /** Dependents are orphaned unless the request says otherwise (batch/v1 Job, v1 ReplicationController). */
  readonly orphansByDefault?: boolean
  /** No garbage collection: propagation policies have no effect (Event). */
  readonly unsupportedGarbageCollection?: boolean
  /** A delete is answered with the object, not with a Status. */
  readonly returnsDeleted?: boolean
  /** Last step before validation of a new object: allocations. */
  beforeCreate?(context: ServerContext, object: KubeObject, dryRun: boolean): KubeObject | Refusal
  /** …and of an update of the main resource. */
  beforeUpdate?(context: ServerContext, object: KubeObject, old: KubeObject, dryRun: boolean): KubeObject | Refusal
  /** Whether an update may complete a deletion, besides having no finalizers left. */
  deletesDuringUpdate?(object: KubeObject): boolean
  /** The etcd lease of a new or updated object. */
  lease?(context: ServerContext): number
  /** Why an object of this name may not be deleted at all. */
  keeps?(name: string): string | undefined
  /** What a first delete makes of the object in place of the generic rules; undefined: they apply. */
  beginDelete?(object: KubeObject, now: string): KubeObject | undefined
  /** First step of a delete: changes the object instead of the generic rules (Namespace). */
  readonly deletesByPhase?: boolean
}
