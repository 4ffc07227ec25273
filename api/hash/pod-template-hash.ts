import { safeEncode } from '../names/safe-encode.ts'
import type { PodTemplateSpec } from '../types/core-v1.generated.ts'
import { dumpForHash } from './dump-for-hash.ts'
import { fnv32a } from './fnv.ts'

const templateType = 'io.k8s.api.core.v1.PodTemplateSpec'
const sums = new WeakMap<PodTemplateSpec, number>()

const sumOf = (template: PodTemplateSpec): number => {
  const known = sums.get(template)
  if (known !== undefined) return known
  const sum = fnv32a(dumpForHash(templateType, template))
  if (Object.isFrozen(template)) sums.set(template, sum)
  return sum
}

/** controller.ComputeHash: the pod-template-hash of a template. Its sum is remembered by identity of a frozen template. */
export const podTemplateHash = (template: PodTemplateSpec, collisionCount?: number | null): string => {
  let sum = sumOf(template)
  if (collisionCount !== undefined && collisionCount !== null) {
    // Eight bytes, of which upstream fills the first four with the count.
    const bytes = [
      collisionCount & 255,
      (collisionCount >>> 8) & 255,
      (collisionCount >>> 16) & 255,
      collisionCount >>> 24,
    ]
    for (const byte of [...bytes, 0, 0, 0, 0]) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0
  }
  return safeEncode(String(sum))
}
