import { parseGoDuration } from '../durations/go-duration.ts'
import { goQuote } from '../names/go-quote.ts'
import { canonicalQuantity } from '../quantity/canonical-quantity.ts'
import { parseQuantity } from '../quantity/parse-quantity.ts'
import { newQuantity, type Quantity } from '../quantity/quantity.ts'
import { scaledValue } from '../quantity/quantity-values.ts'

// pkg/kubelet/eviction/helpers.go

/** What a signal is about; the kubelet reclaims this resource. */
export const signalResources: Readonly<Record<string, string>> = {
  'memory.available': 'memory',
  'allocatableMemory.available': 'memory',
  'imagefs.available': 'ephemeral-storage',
  'imagefs.inodesFree': 'inodes',
  'containerfs.available': 'ephemeral-storage',
  'containerfs.inodesFree': 'inodes',
  'nodefs.available': 'ephemeral-storage',
  'nodefs.inodesFree': 'inodes',
  'pid.available': 'pids',
}

/** An amount, or a share of the capacity (a float32 between 0 and 1). */
export type ThresholdValue = { readonly quantity: Quantity } | { readonly percentage: number }

export interface EvictionThreshold {
  readonly signal: string
  readonly value: ThresholdValue
  /** Nanoseconds; 0: a hard threshold. */
  readonly gracePeriod: bigint
  readonly minReclaim: ThresholdValue | undefined
}

export interface EvictionConfig {
  readonly enforceNodeAllocatable?: readonly string[] | null
  readonly evictionHard?: Readonly<Record<string, string>> | null
  readonly evictionSoft?: Readonly<Record<string, string>> | null
  readonly evictionSoftGracePeriod?: Readonly<Record<string, string>> | null
  readonly evictionMinimumReclaim?: Readonly<Record<string, string>> | null
}

interface Problem {
  readonly error: string
}
type Entries = Readonly<Record<string, string>> | null | undefined

const unsupported = (signal: string): Problem => ({ error: `unsupported eviction signal ${signal}` })
const isSignal = (signal: string): boolean => Object.hasOwn(signalResources, signal)

/** parsePercentage, in float32 as upstream computes. */
const parsePercentage = (text: string): { percentage: number } | Problem => {
  const number = text.replace(/%+$/, '')
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(number)) {
    return { error: `strconv.ParseFloat: parsing ${goQuote(number)}: invalid syntax` }
  }
  return { percentage: Math.fround(Math.fround(Number(number)) / 100) }
}

/** Each signal with what it is parsed to; the first problem ends it. Signals are taken in order, so that one is told alike. */
const each = <T>(
  entries: Entries,
  parse: (signal: string, text: string) => T | Problem | undefined,
): Map<string, T> | Problem => {
  const parsed = new Map<string, T>()
  for (const signal of Object.keys(entries ?? {}).sort()) {
    const result = isSignal(signal) ? parse(signal, entries?.[signal] ?? '') : unsupported(signal)
    if (result === undefined) continue
    if (typeof result === 'object' && result !== null && 'error' in result) return result
    parsed.set(signal, result)
  }
  return parsed
}

const parseThreshold = (signal: string, text: string): ThresholdValue | Problem | undefined => {
  if (!text.endsWith('%')) {
    const quantity = parseQuantity(text)
    if ('error' in quantity) return quantity
    return quantity.unscaled > 0n
      ? { quantity }
      : { error: `eviction threshold ${signal} must be positive: ${canonicalQuantity(quantity)}` }
  }
  if (text === '0%' || text === '100%') return undefined
  const share = parsePercentage(text)
  if ('error' in share) return share
  if (share.percentage < 0) return { error: `eviction percentage threshold ${signal} must be >= 0%: ${text}` }
  if (share.percentage > 1) return { error: `eviction percentage threshold ${signal} must be <= 100%: ${text}` }
  return share
}

const parseReclaim = (signal: string, text: string): ThresholdValue | Problem => {
  if (!text.endsWith('%')) {
    const quantity = parseQuantity(text)
    if ('error' in quantity) return quantity
    return quantity.unscaled < 0n
      ? { error: `negative eviction minimum reclaim specified for ${signal}` }
      : { quantity }
  }
  const share = parsePercentage(text)
  if ('error' in share) return share
  return share.percentage <= 0
    ? { error: `eviction percentage minimum reclaim ${signal} must be positive: ${text}` }
    : share
}

const parseGrace = (_signal: string, text: string): bigint | Problem => {
  const duration = parseGoDuration(text)
  if ('error' in duration) return duration
  return duration.nanos < 0n
    ? { error: `invalid eviction grace period specified: ${text}, must be a positive value` }
    : duration.nanos
}

/** ParseThresholdConfig of the kubelet's configuration. */
export const parseEvictionConfig = (config: EvictionConfig): readonly EvictionThreshold[] | Problem => {
  const hard = each(config.evictionHard, parseThreshold)
  if ('error' in hard) return hard
  const soft = each(config.evictionSoft, parseThreshold)
  if ('error' in soft) return soft
  const graces = each(config.evictionSoftGracePeriod, parseGrace)
  if ('error' in graces) return graces
  const reclaims = each(config.evictionMinimumReclaim, parseReclaim)
  if ('error' in reclaims) return reclaims
  const thresholds: EvictionThreshold[] = []
  for (const [signal, value] of hard) {
    thresholds.push({ signal, value, gracePeriod: 0n, minReclaim: reclaims.get(signal) })
  }
  for (const [signal, value] of soft) {
    const gracePeriod = graces.get(signal)
    if (gracePeriod === undefined) {
      return { error: `grace period must be specified for the soft eviction threshold ${signal}` }
    }
    thresholds.push({ signal, value, gracePeriod, minReclaim: reclaims.get(signal) })
  }
  if (config.enforceNodeAllocatable?.includes('pods') !== true) return thresholds
  const allocatable = thresholds.filter(
    ({ signal, gracePeriod }) => signal === 'memory.available' && gracePeriod === 0n,
  )
  return [...thresholds, ...allocatable.map((one) => ({ ...one, signal: 'allocatableMemory.available' }))]
}

/** GetThresholdQuantity: the amount that a threshold stands for. */
export const thresholdQuantity = (value: ThresholdValue, capacity: Quantity): Quantity =>
  'quantity' in value
    ? value.quantity
    : newQuantity(Math.trunc(Number(scaledValue(capacity, 0)) * value.percentage), 'BinarySI')
