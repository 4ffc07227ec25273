import type { Check } from './check.ts'
import { pastInstant } from './past-instant.ts'

/** Every check of whole files and scenarios, in the order in which they run. */
export const checks: readonly Check[] = [pastInstant]
