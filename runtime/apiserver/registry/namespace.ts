import type { Namespace } from '../../../api/types/core-v1.generated.ts'
import type { Strategy } from './strategy.ts'

/** pkg/registry/core/namespace: an update completes the deletion once spec.finalizers are gone too. */
export const namespaceStrategy: Strategy = {
  kind: 'v1/Namespace',
  returnsDeleted: true,
  deletesByPhase: true,
  deletesDuringUpdate: (object) => ((object as Namespace).spec?.finalizers ?? []).length === 0,
}
