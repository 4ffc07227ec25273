import type { Check } from './check.ts'
import { constantComparison } from './constant-comparison.ts'
import { contradiction } from './contradiction.ts'
import { emptyTime } from './empty-time.ts'
import { neverRuns } from './never-runs.ts'
import { pastInstant } from './past-instant.ts'
import { unused } from './unused.ts'

/** Every check of whole files and scenarios, in the order in which they run. */
export const checks: readonly Check[] = [pastInstant, contradiction, constantComparison, emptyTime, neverRuns, unused]
