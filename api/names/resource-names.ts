import { isLabelKey } from './label-names.ts'

// pkg/apis/core/v1/helper: kinds of resource names.

export const isPrefixedNativeResource = (name: string): boolean => name.includes('kubernetes.io/')
export const isNativeResource = (name: string): boolean => !name.includes('/') || isPrefixedNativeResource(name)
export const isHugePageResource = (name: string): boolean => name.startsWith('hugepages-')
export const isAttachableVolumeResource = (name: string): boolean => name.startsWith('attachable-volumes-')
export const isOvercommitAllowed = (name: string): boolean => isNativeResource(name) && !isHugePageResource(name)

const extended = new Map<string, boolean>()

/** Whether a name is of an extended resource such as `nvidia.com/gpu`. Remembered: there are few names. */
export const isExtendedResource = (name: string): boolean => {
  const known = extended.get(name)
  if (known !== undefined) return known
  const answer = !isNativeResource(name) && !name.startsWith('requests.') && isLabelKey(`requests.${name}`).length === 0
  if (extended.size < 1000) extended.set(name, answer)
  return answer
}

/** schedutil.IsScalarResourceName: what the scheduler counts one by one. */
export const isScalarResource = (name: string): boolean =>
  isExtendedResource(name) ||
  isHugePageResource(name) ||
  isPrefixedNativeResource(name) ||
  isAttachableVolumeResource(name)
