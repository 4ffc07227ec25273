import type { Kernel } from '../kernel/kernel.ts'

const hexPairs: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

const mix = (word: number): number => {
  let hash = word | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

const hex = (word: number): string =>
  hexPairs[word >>> 24]! + hexPairs[(word >>> 16) & 255]! + hexPairs[(word >>> 8) & 255]! + hexPairs[word & 255]!

/** The `index`-th UUID of a series: version 4 in form, distinct for each index (the first word is a permutation of it). */
export const uuidOf = (salt: number, index: number): string => {
  const first = hex(mix(index ^ salt))
  const second = hex(((mix(index + 0x9e3779b9) & 0xffff0fff) | 0x4000) >>> 0)
  const third = hex(((mix((index ^ salt) + 0x3c6ef372) & 0x3fffffff) | 0x80000000) >>> 0)
  const fourth = hex(mix(index + salt + 0x78dde6e4))
  return `${first}-${second.slice(0, 4)}-${second.slice(4)}-${third.slice(0, 4)}-${third.slice(4)}${fourth}`
}

/** Draws once for a run, so that uids differ between seeds, and counts from there. */
export const createUids = (kernel: Kernel): (() => string) => {
  const salt = kernel.choose('uid/salt', 4294967296)
  let index = 0
  return () => {
    index += 1
    return uuidOf(salt, index)
  }
}
