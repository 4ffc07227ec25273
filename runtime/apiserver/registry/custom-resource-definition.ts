import { withCondition } from '../../../api/custom-resources/definition-status.ts'
import type { CustomResourceDefinition } from '../../../api/types/apiextensions-v1.generated.ts'
import { changeMeta } from '../object-meta.ts'
import type { Strategy } from './strategy.ts'

const cleanup = 'customresourcecleanup.apiextensions.k8s.io'

/** apiextensions-apiserver pkg/registry/customresourcedefinition/etcd.go: a definition waits for its objects. */
export const customResourceDefinitionStrategy: Strategy = {
  kind: 'apiextensions.k8s.io/v1/CustomResourceDefinition',
  returnsDeleted: true,
  beginDelete(object, now) {
    const { metadata } = object
    if (metadata.deletionTimestamp !== undefined) return undefined
    const finalizers = metadata.finalizers ?? []
    const marked = {
      ...object,
      metadata: changeMeta(metadata, {
        deletionTimestamp: now,
        finalizers: finalizers.includes(cleanup) ? finalizers : [...finalizers, cleanup],
      }),
    }
    return withCondition(
      marked as CustomResourceDefinition,
      {
        type: 'Terminating',
        status: 'True',
        reason: 'InstanceDeletionPending',
        message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
      },
      now,
    )
  },
}
