import { decode } from '../../api/decode/decode.ts'
import { applyDefaults } from '../../api/defaults/apply-defaults.ts'
import { fnv128a } from '../../api/hash/fnv128a.ts'
import { canonicalJson } from '../../api/json/canonical-json.ts'
import { deepFreeze } from '../../api/json/deep-freeze.ts'
import type { JsonObject } from '../../api/object.ts'
import { podReference } from '../../api/pods/pod-reference.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'
import { validateCreate } from '../../api/validation/validate.ts'

export interface ManifestFile {
  readonly name: string
  readonly manifest: JsonObject
  readonly node: string
  /** When it was read, as config.seen tells it. */
  readonly seen: string
}

export type StaticPodResult = { readonly pod: Pod } | { readonly problem: string }

/**
 * pkg/kubelet/config: tryDecodeSinglePod and applyDefaults. The pod that a file stands for, or why the kubelet leaves it out.
 * Differs: the UID is a hash of the manifest's JSON, not of Go's printout of it.
 */
export const staticPod = (file: ManifestFile, resource: Resource): StaticPodResult => {
  const decoded = decode(resource, file.manifest)
  if (!decoded.ok) return { problem: `couldn't parse as pod(${decoded.detail ?? decoded.message})` }
  const given = decoded.object as unknown as Pod
  if ((given.metadata?.name ?? '') === '') return { problem: 'invalid pod: name is needed for the pod' }
  const uid =
    given.metadata.uid ??
    fnv128a(`${escaped(canonicalJson(file.manifest))}host:${file.node}file:${file.name}`)
      .toString(16)
      .padStart(32, '0')
  const pod = applyDefaults(resource, {
    ...given,
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...given.metadata,
      name: `${given.metadata.name}-${file.node.toLowerCase()}`,
      namespace: given.metadata.namespace ?? 'default',
      uid,
      annotations: {
        ...given.metadata.annotations,
        'kubernetes.io/config.hash': uid,
        'kubernetes.io/config.seen': file.seen,
        'kubernetes.io/config.source': 'file',
      },
    },
    spec: {
      ...given.spec,
      nodeName: file.node,
      tolerations: [
        ...(given.spec?.tolerations ?? []).filter((one) => !isOfStaticPods(one)),
        { effect: 'NoExecute', operator: 'Exists' },
      ],
    },
    status: { phase: 'Pending' },
  } as never)
  const causes = validateCreate(resource, pod)
  if (causes.length > 0) {
    const texts = causes.map((one) => `${one.field}: ${one.message}`)
    return { problem: `invalid pod: ${texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`}` }
  }
  const reference = podReference((pod as unknown as Pod).spec)
  if (reference !== undefined) return { problem: `static pods may not reference ${reference}` }
  return { pod: deepFreeze(pod) as unknown as Pod }
}

/** The hash reads bytes. */
const escaped = (json: string): string =>
  json.replace(/[^\0-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)

const isOfStaticPods = ({
  key,
  operator,
  effect,
}: {
  readonly key?: string
  readonly operator?: string
  readonly effect?: string
}): boolean => (key ?? '') === '' && operator === 'Exists' && effect === 'NoExecute'
