import { daemonSetRevision, statefulSetRevision } from '../../../../api/hash/controller-revision.ts'
import { dumpForHash } from '../../../../api/hash/dump-for-hash.ts'
import { podTemplateHash } from '../../../../api/hash/pod-template-hash.ts'
import type { DaemonSet, StatefulSet } from '../../../../api/types/apps-v1.generated.ts'
import type { PodTemplateSpec } from '../../../../api/types/core-v1.generated.ts'
import type { Topic } from './topic.ts'

export const podTemplate: Topic = {
  computeHash: ({ template }: { template: PodTemplateSpec }) => ({
    hash: podTemplateHash(template),
    withCollisionCount: Object.fromEntries([0, 1, 2, 7].map((count) => [count, podTemplateHash(template, count)])),
  }),
  dumpForHash: ({ template }: { template: PodTemplateSpec }) => ({
    dump: dumpForHash('io.k8s.api.core.v1.PodTemplateSpec', template),
    hash: podTemplateHash(template),
  }),
}

export const controllerRevision: Topic = {
  statefulSet: ({ statefulSet, collisionCount }: { statefulSet: StatefulSet; collisionCount?: number | null }) => {
    const { template } = statefulSet.spec ?? ({} as never)
    const { name, hash, data } = statefulSetRevision(statefulSet.metadata.name ?? '', template, collisionCount)
    return { name, data, labels: { ...template.metadata?.labels, 'controller.kubernetes.io/hash': hash } }
  },
  daemonSet: ({ daemonSet, collisionCount }: { daemonSet: DaemonSet; collisionCount?: number | null }) => {
    const { template } = daemonSet.spec ?? ({} as never)
    return daemonSetRevision(daemonSet.metadata.name ?? '', template, collisionCount)
  },
}
