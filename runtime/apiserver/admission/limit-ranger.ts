import type { KubeObject } from '../../../api/object.ts'
import { podLimits, podRequests } from '../../../api/pods/pod-resources.ts'
import { canonicalQuantity } from '../../../api/quantity/canonical-quantity.ts'
import type { Quantity } from '../../../api/quantity/quantity.ts'
import type {
  Container,
  LimitRange,
  LimitRangeItem,
  PersistentVolumeClaim,
  Pod,
} from '../../../api/types/core-v1.generated.ts'
import type { ServerContext } from '../server-context.ts'
import { forbid } from './forbid.ts'
import {
  aboveMaximum,
  aboveRatio,
  belowMinimum,
  requestAboveMaximum,
  type Amounts,
  type Checked,
} from './limit-checks.ts'
import type { AdmissionPlugin } from './plugin.ts'

const annotation = 'kubernetes.io/limit-ranger'

const rangesOf = (context: ServerContext, namespace: string | undefined): readonly LimitRange[] =>
  context.lookupAll('v1/LimitRange', namespace ?? '') as readonly LimitRange[]

interface Defaults {
  readonly requests: Record<string, string>
  readonly limits: Record<string, string>
}

const defaultsOf = (range: LimitRange): Defaults => {
  const defaults: Defaults = { requests: {}, limits: {} }
  for (const item of range.spec?.limits ?? []) {
    if (item.type !== 'Container') continue
    Object.assign(defaults.requests, item.defaultRequest ?? {})
    Object.assign(defaults.limits, item.default ?? {})
  }
  return defaults
}

/** mergeContainerResources */
const mergeContainer = (container: Container, defaults: Defaults, what: string, told: string[]): Container => {
  const fill = (
    given: Amounts,
    from: Record<string, string>,
  ): { readonly amounts: Amounts; readonly set: readonly string[] } => {
    const set = Object.keys(from)
      .filter((name) => given?.[name] === undefined)
      .sort()
    return set.length === 0
      ? { amounts: given, set }
      : { amounts: { ...given, ...Object.fromEntries(set.map((name) => [name, from[name]!])) }, set }
  }
  const limits = fill(container.resources?.limits, defaults.limits)
  const requests = fill(container.resources?.requests, defaults.requests)
  if (requests.set.length > 0) told.push(`${requests.set.join(', ')} request for ${what} ${container.name}`)
  if (limits.set.length > 0) told.push(`${limits.set.join(', ')} limit for ${what} ${container.name}`)
  if (requests.set.length === 0 && limits.set.length === 0) return container
  return {
    ...container,
    resources: {
      ...container.resources,
      ...(limits.amounts === undefined ? {} : { limits: limits.amounts }),
      ...(requests.amounts === undefined ? {} : { requests: requests.amounts }),
    },
  }
}

const mergePod = (pod: Pod, defaults: Defaults): Pod => {
  const told: string[] = []
  const spec = pod.spec
  const containers = spec.containers.map((one) => mergeContainer(one, defaults, 'container', told))
  const initContainers = spec.initContainers?.map((one) => mergeContainer(one, defaults, 'init container', told))
  if (told.length === 0) return pod
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      annotations: { ...pod.metadata.annotations, [annotation]: `LimitRanger plugin set: ${told.join('; ')}` },
    },
    spec: { ...spec, containers, ...(initContainers === undefined ? {} : { initContainers }) },
  }
}

type Check = (checked: Checked) => string | undefined

const complain = (item: LimitRangeItem, requests: Amounts, limits: Amounts, claim: boolean): string[] => {
  const found: string[] = []
  const run = (bounds: Amounts, check: Check): void => {
    for (const resource of Object.keys(bounds ?? {}).sort()) {
      const complaint = check({ type: item.type, resource, enforced: bounds![resource]!, requests, limits })
      if (complaint !== undefined) found.push(complaint)
    }
  }
  run(item.min, belowMinimum)
  run(item.max, claim ? requestAboveMaximum : aboveMaximum)
  if (!claim) run(item.maxLimitRequestRatio, aboveRatio)
  return found
}

const textsOf = (amounts: ReadonlyMap<string, Quantity>): Amounts =>
  Object.fromEntries([...amounts].map(([name, quantity]) => [name, canonicalQuantity(quantity)]))

const complaintsAbout = (range: LimitRange, object: KubeObject): string[] =>
  (range.spec?.limits ?? []).flatMap((item) => {
    if (object.kind === 'PersistentVolumeClaim') {
      const requests = (object as PersistentVolumeClaim).spec?.resources?.requests
      return item.type === 'PersistentVolumeClaim' ? complain(item, requests, {}, true) : []
    }
    const pod = object as Pod
    if (item.type === 'Container') {
      return [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].flatMap((one) =>
        complain(item, one.resources?.requests, one.resources?.limits, false),
      )
    }
    return item.type === 'Pod' ? complain(item, textsOf(podRequests(pod)), textsOf(podLimits(pod)), false) : []
  })

/** plugin/pkg/admission/limitranger. Complaints stand in the order of resource names; upstream's order varies. */
export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  handles(operation, resource, subresource) {
    if (operation === 'DELETE') return false
    if (subresource === 'resize') return resource.id === 'v1/Pod' && operation === 'UPDATE'
    if (subresource !== '') return false
    return (resource.id === 'v1/Pod' && operation === 'CREATE') || resource.id === 'v1/PersistentVolumeClaim'
  },
  mutate(context, attributes, object) {
    if (attributes.operation === 'UPDATE' && attributes.old?.metadata.deletionTimestamp !== undefined) return object
    if (attributes.resource.id !== 'v1/Pod') return object
    let pod = object as Pod
    for (const range of rangesOf(context, attributes.namespace)) pod = mergePod(pod, defaultsOf(range))
    return pod
  },
  validate(context, attributes, object) {
    if (
      object === undefined ||
      (attributes.operation === 'UPDATE' && attributes.old?.metadata.deletionTimestamp !== undefined)
    )
      return undefined
    for (const range of rangesOf(context, attributes.namespace)) {
      const complaints = [...new Set(complaintsAbout(range, object))]
      if (complaints.length > 0)
        return forbid(attributes, object, complaints.length === 1 ? complaints[0]! : `[${complaints.join(', ')}]`)
    }
    return undefined
  },
}
