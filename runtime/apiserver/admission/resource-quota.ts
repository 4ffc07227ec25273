import type { KubeObject } from '../../../api/object.ts'
import { canonicalQuantity } from '../../../api/quantity/canonical-quantity.ts'
import { compareQuantities, isZeroQuantity } from '../../../api/quantity/compare-quantities.ts'
import { quantityOf } from '../../../api/quantity/parse-quantity.ts'
import { addQuantities, subtractQuantities } from '../../../api/quantity/quantity-arithmetic.ts'
import type { Quantity } from '../../../api/quantity/quantity.ts'
import type { Pod, ResourceQuota } from '../../../api/types/core-v1.generated.ts'
import { etcdRefusal } from '../etcd-refusal.ts'
import { matchesScopes } from '../../../api/quota/scopes.ts'
import { unspecified, usageOf, type Usage } from '../../../api/quota/usage.ts'
import type { ServerContext, Step } from '../server-context.ts'
import { isRefusal, type Refusal } from '../status.ts'
import { writeOver } from '../write-object.ts'
import { forbid } from './forbid.ts'
import type { AdmissionPlugin, Attributes } from './plugin.ts'

const updated = ['v1/Service', 'v1/PersistentVolumeClaim']

const printed = (names: readonly string[], amount: (name: string) => string): string =>
  [...names]
    .sort()
    .map((name) => `${name}=${amount(name)}`)
    .join(',')

/** What the request adds to what it had before; only what is above zero counts. */
const deltaOf = (attributes: Attributes, object: KubeObject, quota: ResourceQuota): Usage => {
  const now = usageOf(attributes.resource, object)
  const before =
    attributes.old !== undefined && matchesScopes(quota, attributes.old)
      ? usageOf(attributes.resource, attributes.old)
      : undefined
  const delta: Usage = new Map()
  for (const [name, quantity] of now) {
    const had = before?.get(name)
    const more: Quantity = had === undefined ? quantity : subtractQuantities(quantity, had)
    if (!isZeroQuantity(more) && compareQuantities(more, quantityOf('0')) > 0) delta.set(name, more)
  }
  return delta
}

interface Charge {
  readonly used: Readonly<Record<string, string>>
}

/** One quota's verdict: a refusal, the new usage, or nothing to charge (resourcequota.CheckRequest). */
const check = (attributes: Attributes, object: KubeObject, quota: ResourceQuota): Charge | Refusal | undefined => {
  const name = quota.metadata.name
  const hard = quota.status?.hard ?? {}
  const used = quota.status?.used ?? {}
  const delta = deltaOf(attributes, object, quota)
  const known = usageOf(attributes.resource, object)
  const counted = Object.keys(hard).filter((one) => known.has(one))
  if (attributes.resource.id === 'v1/Pod') {
    const missing = unspecified(object as Pod, Object.keys(hard))
    if (missing !== undefined) return forbid(attributes, object, `failed quota: ${name}: ${missing}`)
  }
  const unknown = counted.filter((one) => used[one] === undefined)
  if (unknown.length > 0)
    return forbid(attributes, object, `status unknown for quota: ${name}, resources: ${unknown.sort().join(',')}`)
  const requested = counted.filter((one) => delta.has(one))
  if (requested.length === 0) return undefined
  const next: Record<string, string> = { ...used }
  const exceeded: string[] = []
  for (const one of requested) {
    const sum = addQuantities(quantityOf(used[one]!), delta.get(one)!)
    next[one] = canonicalQuantity(sum)
    if (compareQuantities(sum, quantityOf(hard[one]!)) > 0) exceeded.push(one)
  }
  if (exceeded.length === 0) return { used: next }
  const asked = printed(exceeded, (one) => canonicalQuantity(delta.get(one)!))
  return forbid(
    attributes,
    object,
    `exceeded quota: ${name}, requested: ${asked}, used: ${printed(exceeded, (one) => used[one]!)}, limited: ${printed(exceeded, (one) => hard[one]!)}`,
  )
}

function* reserve(
  context: ServerContext,
  attributes: Attributes,
  object: KubeObject | undefined,
): Step<Refusal | undefined> {
  if (object === undefined || attributes.namespace === undefined) return undefined
  const resource = context.scheme().byKind('v1/ResourceQuota')!
  for (;;) {
    const charges: { readonly key: string; readonly modRevision: number; readonly charge: Charge }[] = []
    let refused: Refusal | undefined
    context.etcd.table(resource).scan(`${attributes.namespace}/`, '', (row) => {
      const quota = row.value as ResourceQuota
      if (!matchesScopes(quota, object)) return
      const verdict = check(attributes, object, quota)
      if (isRefusal(verdict)) {
        refused = verdict
        return false
      }
      if (verdict !== undefined) charges.push({ key: row.key, modRevision: row.modRevision, charge: verdict })
    })
    if (refused !== undefined || attributes.dryRun) return refused
    let again = false
    for (const { key, modRevision, charge } of charges) {
      const row = context.etcd.get(resource, key)
      if (row?.modRevision !== modRevision) {
        again = true
        break
      }
      const quota = row.value as ResourceQuota
      const next = { ...quota, status: { ...quota.status, used: charge.used } } as KubeObject
      const answer = yield* writeOver(context, resource, row, next, {
        manager: 'kube-apiserver',
        subresource: 'status',
      })
      if (!answer.ok) {
        if (answer.error !== undefined) return etcdRefusal(answer.error)
        again = true
        break
      }
    }
    if (!again) return undefined
  }
}

/**
 * k8s.io/apiserver/pkg/admission/plugin/resourcequota: charges the quotas of the namespace before the object is stored.
 * Differs: the server's own limitedResources configuration is not modelled.
 */
export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  handles(operation, resource, subresource) {
    if (!resource.namespaced || operation === 'DELETE') return false
    if (operation === 'CREATE') return subresource === ''
    if (resource.id === 'v1/Pod') return subresource === 'resize'
    return subresource === '' && updated.includes(resource.id)
  },
  reserve,
}
