import type { Kernel } from '../kernel/kernel.ts'

const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
const suffixLength = 5
/** names.maxGeneratedNameLength: 63 less the suffix. */
const maxBase = 63 - suffixLength

/** A random text of `length` letters of the alphabet (apimachinery util/rand.String). */
export const randomText = (kernel: Kernel, length: number): string => {
  let space = 1
  for (let index = 0; index < length; index += 1) space *= alphabet.length
  let drawn = kernel.choose('names/suffix', space)
  let text = ''
  for (let index = 0; index < length; index += 1) {
    text += alphabet[drawn % alphabet.length]!
    drawn = Math.floor(drawn / alphabet.length)
  }
  return text
}

/** k8s.io/apiserver/pkg/storage/names/generate.go */
export const generateName = (kernel: Kernel, base: string, suffix?: string): string =>
  base.slice(0, maxBase) + (suffix ?? randomText(kernel, suffixLength))
