import type { Check } from './check.ts'
import { afterSettle } from './after-settle.ts'
import { behaviorUse } from './behavior-use.ts'
import { constantComparison } from './constant-comparison.ts'
import { contradiction } from './contradiction.ts'
import { emptyTime } from './empty-time.ts'
import { memoryNeverReached } from './memory-never-reached.ts'
import { networkUse } from './network-use.ts'
import { neverRuns } from './never-runs.ts'
import { notInCluster } from './not-in-cluster.ts'
import { pastInstant } from './past-instant.ts'
import { probeLines } from './probe-lines.ts'
import { registryHosts } from './registry-hosts.ts'
import { tagArguments } from './tag-arguments.ts'
import { tooLong } from './too-long.ts'
import { twice } from './twice.ts'
import { unknownLabel } from './unknown-label.ts'
import { unused } from './unused.ts'
import { watchesNothing } from './watches-nothing.ts'

/** Every check of whole files and scenarios, in the order in which they run. */
export const checks: readonly Check[] = [
  pastInstant,
  tooLong,
  contradiction,
  constantComparison,
  emptyTime,
  neverRuns,
  afterSettle,
  watchesNothing,
  notInCluster,
  unknownLabel,
  probeLines,
  behaviorUse,
  memoryNeverReached,
  registryHosts,
  networkUse,
  tagArguments,
  twice,
  unused,
]
