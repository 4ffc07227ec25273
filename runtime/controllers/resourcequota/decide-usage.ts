import type { KubeObject } from '../../../api/object.ts'
import { resourceName } from '../../../api/object-key.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import { canonicalQuantity } from '../../../api/quantity/canonical-quantity.ts'
import { compareQuantities } from '../../../api/quantity/compare-quantities.ts'
import { quantityOf } from '../../../api/quantity/parse-quantity.ts'
import { addQuantities } from '../../../api/quantity/quantity-arithmetic.ts'
import { matchesScopes } from '../../../api/quota/scopes.ts'
import { usageOf } from '../../../api/quota/usage.ts'
import type { Pod, ResourceQuota } from '../../../api/types/core-v1.generated.ts'
import { parseTimestamp } from '../../client/timestamp.ts'
import { second, type Micros } from '../../kernel/micros.ts'

// pkg/quota/v1

type Amounts = Readonly<Record<string, string>>

const legacyCounts = ['configmaps', 'secrets', 'services', 'replicationcontrollers', 'resourcequotas']

const compute = ['pods', 'cpu', 'memory', 'ephemeral-storage']

const isPodResource = (name: string): boolean => {
  if (name.includes('storageclass.storage.k8s.io/') || name === 'requests.storage') return false
  if (compute.includes(name) || name.startsWith('hugepages-')) return true
  return name.startsWith('requests.') || name.startsWith('limits.')
}

/** Evaluator.MatchingResources: whether objects of a resource are counted under this name. */
export const countsUnder = (resource: Resource, name: string): boolean => {
  if (name === `count/${resourceName(resource)}`) return true
  if (resource.id === 'v1/Pod') return isPodResource(name)
  if (resource.id === 'v1/Service' && (name === 'services.nodeports' || name === 'services.loadbalancers')) return true
  if (resource.id === 'v1/PersistentVolumeClaim') {
    if (name === 'persistentvolumeclaims' || name === 'requests.storage') return true
    return name.includes('.storageclass.storage.k8s.io/')
  }
  return resource.group === '' && legacyCounts.includes(resource.plural) && name === resource.plural
}

/** QuotaV1Pod: whether a pod is charged at all; one that should be gone by now is not. */
export const isCharged = (pod: Pod, wall: Micros): boolean => {
  if (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') return false
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata
  const deleted = parseTimestamp(deletionTimestamp)
  if (deleted === undefined || deletionGracePeriodSeconds === undefined) return true
  return wall <= deleted + deletionGracePeriodSeconds * second
}

export interface Counted {
  readonly resource: Resource
  readonly objects: readonly KubeObject[]
}

const sameAmounts = (a: Amounts, b: Amounts): boolean => {
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  return names.every(
    (name) => b[name] !== undefined && compareQuantities(quantityOf(a[name]!), quantityOf(b[name])) === 0,
  )
}

/** syncResourceQuota: the status that a quota should have; undefined if it has it. */
export const decideUsage = (
  quota: ResourceQuota,
  counted: readonly Counted[],
  wall: Micros,
): ResourceQuota['status'] | undefined => {
  const hard = quota.spec?.hard ?? {}
  const sums = new Map(Object.entries(quota.status?.used ?? {}).map(([name, amount]) => [name, quantityOf(amount)]))
  for (const { resource, objects } of counted) {
    const names = Object.keys(hard).filter((name) => countsUnder(resource, name))
    for (const name of names) sums.set(name, quantityOf('0'))
    for (const object of objects) {
      if (object.kind === 'Pod' && !isCharged(object as Pod, wall)) continue
      if (!matchesScopes(quota, object)) continue
      const usage = usageOf(resource, object)
      for (const name of names) {
        const amount = usage.get(name)
        if (amount !== undefined) sums.set(name, addQuantities(sums.get(name)!, amount))
      }
    }
  }
  const used: Record<string, string> = {}
  for (const name of Object.keys(hard).sort()) {
    const sum = sums.get(name)
    if (sum !== undefined) used[name] = canonicalQuantity(sum)
  }
  const before = quota.status
  if (before?.hard !== undefined && before.used !== undefined) {
    if (sameAmounts(hard, before.hard) && sameAmounts(used, before.used)) return undefined
  }
  return { hard, used }
}
