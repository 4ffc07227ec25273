import { parseEvictionConfig, type EvictionThreshold } from '../../api/nodes/eviction-thresholds.ts'

/** pkg/kubelet/eviction/defaults_linux.go. Differs: inodes are not counted, so their thresholds are none. */
export const defaultEvictionHard = 'memory.available<100Mi,nodefs.available<10%,imagefs.available<15%'

/** `memory.available<100Mi,nodefs.available<10%`; a grace period has `=`. */
const entries = (text: string, sign: '<' | '='): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text
      .split(',')
      .filter((one) => one !== '')
      .map((one) => {
        const at = one.indexOf(sign)
        return at < 0 ? [one, ''] : [one.slice(0, at), one.slice(at + 1)]
      }),
  )

export interface EvictionFlags {
  readonly hard: string | undefined
  readonly soft: string | undefined
  readonly softGracePeriod: string | undefined
  readonly minimumReclaim: string | undefined
}

/** The thresholds of the flags; what cannot be read leaves the defaults. */
export const evictionThresholds = (flags: EvictionFlags): readonly EvictionThreshold[] => {
  const parsed = parseEvictionConfig({
    evictionHard: entries(flags.hard ?? defaultEvictionHard, '<'),
    evictionSoft: entries(flags.soft ?? '', '<'),
    evictionSoftGracePeriod: entries(flags.softGracePeriod ?? '', '='),
    evictionMinimumReclaim: entries(flags.minimumReclaim ?? '', '='),
  })
  return 'error' in parsed ? evictionThresholds({ ...flags, hard: undefined, soft: undefined }) : parsed
}
