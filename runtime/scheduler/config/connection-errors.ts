import { goDurationText, parseGoDuration } from '../../../api/durations/go-duration.ts'
import { invalid } from './field-error.ts'

export interface GivenClientConnection {
  readonly burst?: number
}
export interface GivenLeaderElection {
  readonly leaderElect?: boolean
  readonly leaseDuration?: string
  readonly renewDeadline?: string
  readonly retryPeriod?: string
  readonly resourceLock?: string
  readonly resourceName?: string
  readonly resourceNamespace?: string
}

const nanosOf = (text: string | undefined, unsaid: bigint): bigint => {
  const parsed = parseGoDuration(text ?? '0')
  // 0 is as if it were not said (RecommendedDefaultLeaderElectionConfiguration).
  return 'error' in parsed || parsed.nanos === 0n ? unsaid : parsed.nanos
}
const seconds = 1_000_000_000n

/** ValidateClientConnectionConfiguration and ValidateLeaderElectionConfiguration (component-base/config/validation). */
export const connectionErrors = (
  { burst = 0 }: GivenClientConnection,
  election: GivenLeaderElection,
): readonly string[] => {
  const errors: string[] = []
  if (burst < 0) errors.push(invalid('clientConnection.burst', burst, 'must be non-negative'))
  if (election.leaderElect === false) return errors
  const at = 'leaderElection'
  const lease = nanosOf(election.leaseDuration, 15n * seconds)
  const renew = nanosOf(election.renewDeadline, 10n * seconds)
  const retry = nanosOf(election.retryPeriod, 2n * seconds)
  const times = { leaseDuration: lease, renewDeadline: renew, retryPeriod: retry }
  for (const [name, nanos] of Object.entries(times))
    if (nanos <= 0n) errors.push(invalid(`${at}.${name}`, goDurationText(nanos), 'must be greater than zero'))
  if (lease <= renew)
    errors.push(invalid(`${at}.leaseDuration`, goDurationText(renew), 'must be greater than `RenewDeadline`'))
  const { resourceLock = '' } = election
  if (resourceLock !== '' && resourceLock !== 'leases')
    errors.push(invalid(`${at}.resourceLock`, resourceLock, 'resourceLock value must be "leases"'))
  return errors
}
