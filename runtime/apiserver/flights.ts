import type { ApiRequest } from '../../api/protocol/request.ts'
import { tooManyRequests, type Refusal } from './status.ts'
import type { UserInfo } from './user-info.ts'

/** `max-requests-inflight`, `max-mutating-requests-inflight`: how many requests are served at once; absent or 0: any number. */
export interface FlightLimits {
  readonly reading?: number
  readonly writing?: number
}

export interface Flights {
  /** A request wants to be served: how to tell that it has been, or why it is turned away. */
  enter(request: ApiRequest, user: UserInfo | undefined): (() => void) | Refusal
}

const reading: ReadonlySet<string> = new Set(['get', 'list', 'watch'])
const privileged = 'system:masters'
const nothing = (): void => undefined

/**
 * apiserver/pkg/server/filters/maxinflight.go: WithMaxInFlightLimit, in its words (client-go's, for an answer without a Status).
 * Differs: it is what a server does without priority and fairness; with neither flag set nothing is limited.
 */
export const createFlights = (limits: FlightLimits): Flights => {
  const flying = { reading: 0, writing: 0 }
  return {
    enter(request, user) {
      const kind = reading.has(request.verb) ? 'reading' : 'writing'
      const limit = limits[kind] ?? 0
      if (limit === 0 || user?.groups.includes(privileged) === true) return nothing
      if (flying[kind] >= limit)
        return tooManyRequests('the server has received too many requests and has asked us to try again later', 1)
      flying[kind] += 1
      return () => {
        flying[kind] -= 1
      }
    },
  }
}
