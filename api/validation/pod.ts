import { merged } from '../json/merged.ts'
import { goDiff } from './go-diff.ts'
import { computePodQos } from '../pods/qos.ts'
import type { PodSpec } from '../types/core-v1.generated.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { isDns1123Subdomain } from '../names/dns-names.ts'
import { forbidden, invalid, invalids, required, type Cause } from './cause.ts'
import { legacyIp } from './field-causes.ts'
import { imageBlankCauses } from './container.ts'
import { labelNameCauses } from './label-selector.ts'
import { podSpecCauses } from './pod-spec.ts'
import { createPodSpec, resetForPodSubresource } from './prepare-pod-spec.ts'
import { resizeCauses, resizedSpec } from './pod-resize.ts'
import type { Strategy } from './strategy.ts'
import { child, list, map, number, optionalText, struct, text, type View } from './view.ts'
import { annotationCauses, annotationUpdateCauses, podUpdateCauses } from './pod-update.ts'
import { stateTransitionCauses } from './pod-status.ts'

/** validatePodMetadataAndSpec, without what the generic part does for metadata. */
const specCauses = (pod: View): Cause[] => {
  const spec = struct(pod, 'spec')
  const causes = [...annotationCauses(pod), ...podSpecCauses(spec, 'spec', true, text(struct(pod, 'metadata'), 'name'))]
  if (text(spec, 'serviceAccountName') === '') {
    list(spec, 'volumes').forEach((volume, i) => {
      list(child(volume, 'projected'), 'sources').forEach((source, j) => {
        if (child(source, 'serviceAccountToken') === undefined) return
        causes.push(
          forbidden(
            `spec.volumes[${i}].projected.sources[${j}].serviceAccountToken`,
            'must not be specified when serviceAccountName is not set',
          ),
        )
      })
    })
  }
  for (const key of ['containers', 'initContainers']) {
    list(spec, key).forEach((container, i) => causes.push(...imageBlankCauses(container, `spec.${key}[${i}]`)))
  }
  return causes
}

const newPodCauses = (pod: View): Cause[] => {
  const spec = struct(pod, 'spec')
  const causes: Cause[] = []
  if (list(spec, 'ephemeralContainers').length > 0)
    causes.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'))
  if (text(spec, 'nodeName') !== '' && list(spec, 'schedulingGates').length > 0) {
    causes.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'))
  }
  return causes
}

const conditionCauses = (conditions: readonly View[], path: string): Cause[] =>
  conditions.flatMap((condition, i) => {
    const type = text(condition, 'type')
    const causes: Cause[] = []
    if (number(condition, 'observedGeneration') < 0) {
      causes.push(
        invalid(
          `${path}[${i}].observedGeneration`,
          number(condition, 'observedGeneration'),
          'must be a non-negative integer',
        ),
      )
    }
    if (type !== 'PodScheduled' && type !== 'Ready' && type !== 'Initialized') {
      causes.push(...labelNameCauses(type, `${path}[${i}].Type`))
    }
    return causes
  })

const addressCauses = (status: View, old: View, key: string): Cause[] => {
  const addresses = list(status, key).map((one) => text(one, 'ip'))
  const before = list(old, key).map((one) => text(one, 'ip'))
  const causes = addresses.flatMap((ip, i) => legacyIp(ip, `status.${key}[${i}]`, before))
  const families = new Set(addresses.map((ip) => ip.includes(':')))
  if (addresses.length > 2 || (addresses.length === 2 && families.size < 2)) {
    const type = key === 'podIPs' ? 'io.k8s.api.core.v1.PodIP' : 'io.k8s.api.core.v1.HostIP'
    causes.push(
      invalid(
        `status.${key}`,
        { typed: list(status, key), type },
        'may specify no more than one IP for each IP family',
      ),
    )
  }
  return causes
}

/** ValidatePodStatusUpdate */
const statusCauses = (pod: View, old: View): Cause[] => {
  const status = struct(pod, 'status')
  const before = struct(old, 'status')
  const causes = [
    ...annotationUpdateCauses(pod, old),
    ...conditionCauses(list(status, 'conditions'), 'status.conditions'),
  ]
  const nominated = text(status, 'nominatedNodeName')
  if (nominated !== '' && nominated !== text(before, 'nominatedNodeName')) {
    causes.push(...invalids('status.nominatedNodeName', nominated, isDns1123Subdomain(nominated)))
    if (text(struct(old, 'spec'), 'nodeName') !== '') {
      causes.push(forbidden('status.nominatedNodeName', 'may not be set on pods that are already bound to a node'))
    }
  }
  if (number(status, 'observedGeneration') < 0) {
    causes.push(
      invalid('status.observedGeneration', number(status, 'observedGeneration'), 'must be a non-negative integer'),
    )
  }
  if (text(status, 'qosClass') !== text(before, 'qosClass')) {
    causes.push(invalid('status.qosClass', text(status, 'qosClass'), 'field is immutable'))
  }
  causes.push(...stateTransitionCauses(pod, old), ...addressCauses(status, before, 'podIPs'))
  const first = list(status, 'hostIPs')[0]
  if (first !== undefined) {
    if (text(status, 'hostIP') !== text(first, 'ip')) {
      causes.push(invalid('status.hostIPs[0].ip', text(first, 'ip'), 'must be equal to `hostIP`'))
    }
    causes.push(...addressCauses(status, before, 'hostIPs'))
  }
  return causes
}

const ephemeralContainer = 'io.k8s.api.core.v1.EphemeralContainer'

const ephemeralUpdateCauses = (pod: View, old: View): Cause[] => {
  const path = 'spec.ephemeralContainers'
  const now = new Map(list(struct(pod, 'spec'), 'ephemeralContainers').map((one) => [text(one, 'name'), one]))
  return [
    ...annotationUpdateCauses(pod, old),
    ...list(struct(old, 'spec'), 'ephemeralContainers').flatMap((one) => {
      const name = JSON.stringify(text(one, 'name'))
      const same = now.get(text(one, 'name'))
      if (same === undefined) return [forbidden(path, `existing ephemeral containers ${name} may not be removed\n`)]
      return structuralEqual(same, one)
        ? []
        : [
            forbidden(
              path,
              `existing ephemeral containers ${name} may not be changed\n${goDiff(one, same, ephemeralContainer)}`,
            ),
          ]
    }),
  ]
}

const qosOf = (pod: View): string => computePodQos(struct(pod, 'spec') as unknown as PodSpec)

const gatedCondition = (now: string): View => ({
  type: 'PodScheduled',
  status: 'False',
  lastProbeTime: null,
  lastTransitionTime: now,
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
})

const moved = (pod: View, old: View): View => {
  if (structuralEqual(struct(pod, 'spec'), struct(old, 'spec'))) return pod
  const meta = struct(pod, 'metadata')
  return { ...pod, metadata: { ...meta, generation: number(meta, 'generation') + 1 } }
}

/** pkg/registry/core/pod/strategy.go, pkg/apis/core/validation ValidatePod* */
export const podStrategy: Strategy = {
  prepareForCreate: (pod, { now }) => {
    const spec = createPodSpec(struct(pod, 'spec'), map(struct(pod, 'metadata'), 'labels'))
    const out: View = merged(pod, { spec })
    const gated = list(spec, 'schedulingGates').length > 0
    return merged(out, {
      status: {
        phase: 'Pending',
        ...(gated ? { conditions: [gatedCondition(now)] } : undefined),
        qosClass: qosOf(out),
      },
    })
  },
  prepareForStatus: (pod, old) => {
    const status = struct(pod, 'status')
    const meta = struct(pod, 'metadata')
    const before = struct(old, 'metadata')
    const { deletionTimestamp: _, ...kept } = meta
    return {
      ...pod,
      metadata: { ...kept, ownerReferences: before['ownerReferences'] },
      status:
        optionalText(status, 'qosClass') === undefined
          ? { ...status, qosClass: struct(old, 'status')['qosClass'] }
          : status,
    }
  },
  prepare: {
    ephemeralcontainers: (pod, old) =>
      moved(
        resetForPodSubresource(pod, old, {
          ...struct(old, 'spec'),
          ephemeralContainers: struct(pod, 'spec')['ephemeralContainers'],
        }),
        old,
      ),
    resize: (pod, old) => {
      const spec = resizedSpec(struct(pod, 'spec'), struct(old, 'spec'))
      return moved(spec === undefined ? pod : resetForPodSubresource(pod, old, spec), old)
    },
  },
  validate: specCauses,
  validateNew: newPodCauses,
  validateUpdate: podUpdateCauses,
  revalidates: 'between',
  validateStatus: statusCauses,
  validateSubresource: {
    ephemeralcontainers: ephemeralUpdateCauses,
    resize: (pod, old) => resizeCauses(pod, old, qosOf),
  },
  subresourcesRevalidate: true,
}

/** ValidatePodBinding */
export const bindingCauses = (binding: View): Cause[] => {
  const target = struct(binding, 'target')
  const kind = text(target, 'kind')
  return [
    ...(kind !== '' && kind !== 'Node'
      ? [
          {
            reason: 'FieldValueNotSupported' as const,
            message: `Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`,
            field: 'target.kind',
          },
        ]
      : []),
    ...(text(target, 'name') === '' ? [required('target.name')] : []),
  ]
}
