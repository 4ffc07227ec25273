import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Node } from '../../../api/types/core-v1.generated.ts'
import { done, type Controller, type Result } from '../../reconcile/controller.ts'

// pkg/controller/nodeipam/ipam/range_allocator.go

interface Memory {
  /** Where the search goes on: the set of ranges is gone round, so that a freed one rests. */
  next: number
  /** Ranges given out here that no node shows yet, by node. */
  readonly given: Map<string, string>
}

const toNumber = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
const toAddress = (value: number): string =>
  [16777216, 65536, 256, 1].map((unit) => Math.floor(value / unit) % 256).join('.')

/** How many ranges of a mask size the cluster's range holds, and the n-th of them. */
export const rangesOf = (
  clusterCidr: string,
  maskSize: number,
): { readonly count: number; at(index: number): string } => {
  const [address = '', size = '0'] = clusterCidr.split('/')
  const base = toNumber(address)
  let [count, width] = [1, 1]
  for (let bits = Number(size); bits < maskSize; bits += 1) count *= 2
  for (let bits = maskSize; bits < 32; bits += 1) width *= 2
  return { count, at: (index) => `${toAddress(base + index * width)}/${maskSize}` }
}

/**
 * kube-controller-manager's node-ipam-controller (RangeAllocator): a pod range for each node that has none. Differs: IPv4 only.
 */
export const nodeIpamController = (clusterCidr = '10.244.0.0/16', maskSize = 24): Controller => ({
  name: 'node-ipam-controller',
  account: 'node-controller',
  eventSource: 'cidrAllocator',
  reconciles: 'v1/Node',
  memory: (): Memory => ({ next: 0, given: new Map() }),
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const node = io.read.get(key) as Node | undefined
    const memory = io.memory as Memory
    if (node === undefined || (node.spec?.podCIDRs ?? []).length > 0) {
      memory.given.delete(key)
      return done
    }
    const used = new Set<string>(memory.given.values())
    for (const one of io.read.list('v1/Node') as readonly Node[])
      for (const cidr of one.spec?.podCIDRs ?? []) used.add(cidr)
    const ranges = rangesOf(clusterCidr, maskSize)
    let cidr = memory.given.get(key)
    for (let step = 0; step < ranges.count && cidr === undefined; step += 1) {
      const index = (memory.next + step) % ranges.count
      if (used.has(ranges.at(index))) continue
      cidr = ranges.at(index)
      memory.next = (index + 1) % ranges.count
    }
    if (cidr === undefined) {
      io.event(node, 'Normal', 'CIDRNotAvailable', `Node ${key} status is now: CIDRNotAvailable`)
      return {
        retry:
          'failed to allocate cidr from cluster cidr at idx:0: CIDR allocation failed; there are no remaining CIDRs left to allocate in the accepted range',
      }
    }
    memory.given.set(key, cidr)
    const answer = yield* io.write.patch(node, { spec: { podCIDR: cidr, podCIDRs: [cidr] } })
    if (answer.ok) return done
    memory.given.delete(key)
    return { retry: `failed to patch node CIDR: ${answer.message}` }
  },
})
