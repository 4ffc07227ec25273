import type { Pod } from '../../api/types/core-v1.generated.ts'

/** Desired pods: upstream's pod manager (pkg/kubelet/pod), by uid and by name. */
export interface PodTable {
  readonly byUid: ReadonlyMap<string, Pod>
  keep(pod: Pod): void
  drop(pod: Pod): void
  /** For a moment several may bear one name. */
  namesakes(pod: Pod): readonly Pod[]
}

const uidOf = ({ metadata }: Pod): string => metadata.uid ?? ''
const nameOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`

export const createPodTable = (): PodTable => {
  const byUid = new Map<string, Pod>()
  const uids = new Map<string, Set<string>>()
  return {
    byUid,
    keep(pod) {
      const uid = uidOf(pod)
      if (!byUid.has(uid)) {
        const known = uids.get(nameOf(pod))
        if (known === undefined) uids.set(nameOf(pod), new Set([uid]))
        else known.add(uid)
      }
      byUid.set(uid, pod)
    },
    drop(pod) {
      const uid = uidOf(pod)
      byUid.delete(uid)
      const known = uids.get(nameOf(pod))
      known?.delete(uid)
      if (known?.size === 0) uids.delete(nameOf(pod))
    },
    namesakes: (pod) => [...(uids.get(nameOf(pod)) ?? [])].flatMap((uid) => byUid.get(uid) ?? []),
  }
}
