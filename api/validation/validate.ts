import { isDns1123Subdomain } from '../names/dns-names.ts'
import { asPrefix } from '../names/dns-names.ts'
import {
  customCauses,
  customStatusCauses,
  customUpdateCauses,
  identityCauses,
} from '../custom-resources/validate-custom.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../protocol/resource.ts'
import type { Cause } from './cause.ts'
import {
  kubeFinalizerCauses,
  objectMetaCauses,
  objectMetaUpdateCauses,
  pathSegmentName,
  type NameFunction,
} from './object-meta.ts'
import { strategyOf } from './strategies.ts'
import { struct, type View } from './view.ts'

const prefixRule = asPrefix(isDns1123Subdomain)

/** apimachineryvalidation.NameIsDNSSubdomain */
export const subdomainName: NameFunction = (name, prefix) => (prefix ? prefixRule(name) : isDns1123Subdomain(name))

const view = (object: KubeObject): View => object as unknown as View

/** Groups whose validation uses apimachinery's metadata checks instead of core's. */
const genericMetadata = new Set(['admissionregistration.k8s.io', 'coordination.k8s.io', 'apiextensions.k8s.io'])

const kubeFinalizers = (resource: Resource, object: View): Cause[] =>
  resource.type === undefined || genericMetadata.has(resource.group)
    ? []
    : kubeFinalizerCauses(struct(object, 'metadata'))

const whole = (resource: Resource, object: View): Cause[] => {
  const strategy = strategyOf(resource.id)
  return [
    ...(strategy.validatesMetadata === false
      ? []
      : [
          ...objectMetaCauses(struct(object, 'metadata'), resource.namespaced, strategy.name ?? subdomainName),
          ...kubeFinalizers(resource, object),
        ]),
    ...(strategy.validate?.(object) ?? []),
  ]
}

/**
 * What is wrong with a new object, decoded, defaulted and prepared; in upstream's order. Mirrors rest.BeforeCreate: the kind's
 * own validation first, the common one of metadata only if that found nothing.
 */
export const validateCreate = (resource: Resource, object: KubeObject): Cause[] => {
  const causes = resource.custom === undefined ? builtinCreate(resource, object) : newCustom(resource, object)
  if (causes.length > 0) return causes
  return objectMetaCauses(struct(view(object), 'metadata'), resource.namespaced, pathSegmentName)
}

const builtinCreate = (resource: Resource, object: KubeObject): Cause[] => [
  ...whole(resource, view(object)),
  ...(strategyOf(resource.id).validateNew?.(view(object)) ?? []),
]

const newCustom = (resource: Resource, object: KubeObject): Cause[] => {
  const identity = identityCauses(resource, object)
  if (identity.length > 0) return identity
  const meta = objectMetaCauses(struct(view(object), 'metadata'), resource.namespaced, subdomainName)
  return [...meta, ...customCauses(resource.custom!, object).causes]
}

const changedCustom = (
  resource: Resource,
  object: KubeObject,
  old: KubeObject,
  subresource: string | undefined,
): Cause[] => {
  const identity = identityCauses(resource, object)
  if (identity.length > 0) return identity
  const meta = objectMetaUpdateCauses(struct(view(object), 'metadata'), struct(view(old), 'metadata'))
  const own = subresource === 'status' ? customStatusCauses : customUpdateCauses
  return [...meta, ...own(resource.custom!, object, old).causes]
}

const kindUpdate = (resource: Resource, object: View, old: View): Cause[] => {
  const strategy = strategyOf(resource.id)
  const meta =
    strategy.updatesMetadata === false
      ? []
      : [
          ...objectMetaUpdateCauses(struct(object, 'metadata'), struct(old, 'metadata')),
          ...kubeFinalizers(resource, object),
        ]
  const own = strategy.validateUpdate?.(object, old) ?? []
  switch (strategy.revalidates ?? 'no') {
    case 'before':
      return [...whole(resource, object), ...meta, ...own]
    case 'between':
      return [...meta, ...whole(resource, object), ...own]
    case 'after':
      return [...meta, ...own, ...whole(resource, object)]
    case 'no':
      return [...meta, ...own]
  }
}

/**
 * What is wrong with an update. Mirrors rest.BeforeUpdate: common metadata checks, then the kind's, which look at metadata
 * again; such complaints come twice, as upstream's do.
 */
export const validateUpdate = (
  resource: Resource,
  object: KubeObject,
  old: KubeObject,
  subresource?: string,
): Cause[] => {
  const now = view(object)
  const before = view(old)
  const meta = struct(now, 'metadata')
  const oldMeta = struct(before, 'metadata')
  const common = [
    ...objectMetaCauses(meta, resource.namespaced, pathSegmentName),
    ...objectMetaUpdateCauses(meta, oldMeta),
  ]
  if (resource.custom !== undefined) return [...common, ...changedCustom(resource, object, old, subresource)]
  const strategy = strategyOf(resource.id)
  if (subresource === undefined) return [...common, ...kindUpdate(resource, now, before)]
  const own =
    (subresource === 'status'
      ? strategy.validateStatus?.(now, before)
      : strategy.validateSubresource?.[subresource]?.(now, before)) ?? []
  const again = subresource !== 'status' && strategy.subresourcesRevalidate === true ? whole(resource, now) : []
  return [...common, ...objectMetaUpdateCauses(meta, oldMeta), ...kubeFinalizers(resource, now), ...again, ...own]
}
