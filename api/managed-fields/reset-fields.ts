import { fieldSetOf, recursiveDifference, type FieldNode, type FieldSet } from './field-set.ts'
import type { PathElement } from './path-element.ts'

/** Takes away what a write through an endpoint cannot own. */
export type ResetFilter = (set: FieldSet) => FieldSet

const path = (text: string): PathElement[] => text.split('.').map((name) => `f:${name}`)

const without = (...paths: string[]): ResetFilter => {
  const excluded = fieldSetOf(paths.map(path))
  return (set) => recursiveDifference(set, excluded)
}

/** NewIncludeMatcherFilter: only what lies at or below one of the paths; `*` is any step. */
const only = (...paths: string[]): ResetFilter => {
  const patterns = paths.map((text) => text.split('.').map((name) => (name === '*' ? name : `f:${name}`)))
  const filter = (set: FieldSet, active: readonly (readonly string[])[]): FieldSet => {
    const out = new Map<PathElement, FieldNode>()
    for (const [element, node] of set) {
      const rest = active.filter(([step]) => step === '*' || step === element).map((steps) => steps.slice(1))
      if (rest.length === 0) continue
      if (rest.some((steps) => steps.length === 0)) out.set(element, node)
      else {
        const children = filter(node.children, rest)
        if (children.size > 0) out.set(element, { member: false, children })
      }
    }
    return out
  }
  return (set) => filter(set, patterns)
}

/** Everything may be owned. */
export const resetNothing: ResetFilter = (set) => set

const status = without('status')
const spec = without('spec')
const specAndMetadata = without('metadata', 'spec')

/** Resources whose main endpoint leaves the status alone, and what their status endpoint leaves alone: GetResetFields. */
const statusFilters: Readonly<Record<string, ResetFilter>> = {
  'apiservices.apiregistration.k8s.io': spec,
  'certificatesigningrequests.certificates.k8s.io': without('spec', 'status.conditions'),
  'cronjobs.batch': spec,
  'customresourcedefinitions.apiextensions.k8s.io': specAndMetadata,
  'daemonsets.apps': spec,
  'deployments.apps': without('spec', 'metadata.labels'),
  'flowschemas.flowcontrol.apiserver.k8s.io': specAndMetadata,
  'horizontalpodautoscalers.autoscaling': spec,
  'ingresses.networking.k8s.io': spec,
  'jobs.batch': spec,
  namespaces: spec,
  nodes: spec,
  persistentvolumeclaims: spec,
  persistentvolumes: spec,
  'poddisruptionbudgets.policy': spec,
  pods: without('spec', 'metadata.deletionTimestamp', 'metadata.ownerReferences'),
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': specAndMetadata,
  'replicasets.apps': spec,
  replicationcontrollers: spec,
  'resourceclaims.resource.k8s.io': specAndMetadata,
  resourcequotas: spec,
  'servicecidrs.networking.k8s.io': specAndMetadata,
  services: spec,
  'statefulsets.apps': spec,
  'validatingadmissionpolicies.admissionregistration.k8s.io': specAndMetadata,
  'volumeattachments.storage.k8s.io': specAndMetadata,
}

const others: Readonly<Record<string, ResetFilter>> = {
  'certificatesigningrequests.certificates.k8s.io': without('spec', 'status'),
  'certificatesigningrequests.certificates.k8s.io/approval': without('spec', 'status.certificate'),
  'namespaces/finalize': status,
  'pods/ephemeralcontainers': only('spec.ephemeralContainers'),
  // Upstream names resources and resizePolicy alone; its matcher lets every field of a container through.
  'pods/resize': only('spec.containers', 'spec.initContainers'),
}

/** The reset fields of a built-in resource (`pods`, `deployments.apps`) and a subresource ('' for none). */
export const resetFields = (resource: string, subresource: string): ResetFilter => {
  const own = others[subresource === '' ? resource : `${resource}/${subresource}`]
  if (own !== undefined) return own
  const ofStatus = statusFilters[resource]
  if (ofStatus === undefined) return resetNothing
  return subresource === '' ? status : subresource === 'status' ? ofStatus : resetNothing
}

/** The reset fields of a custom resource. */
export const customResetFields = (hasStatus: boolean, subresource: string): ResetFilter => {
  if (!hasStatus) return resetNothing
  return subresource === '' ? status : subresource === 'status' ? specAndMetadata : resetNothing
}
