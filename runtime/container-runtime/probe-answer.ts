import type { Micros } from '../kernel/micros.ts'

export interface ProbeTimes {
  /** undefined: never. */
  readonly after: Micros | undefined
  readonly outages: readonly { readonly after: Micros; readonly lasts: Micros | undefined }[]
}

/** What a probe sees so long after the container's start, and until when it goes on seeing it (Infinity: for good). */
export const probeAnswer = (
  script: ProbeTimes,
  uptime: Micros,
): { readonly holds: boolean; readonly until: Micros } => {
  if (script.after === undefined) return { holds: false, until: Number.POSITIVE_INFINITY }
  if (uptime < script.after) return { holds: false, until: script.after }
  let until = Number.POSITIVE_INFINITY
  for (const outage of script.outages) {
    const end = outage.lasts === undefined ? Number.POSITIVE_INFINITY : outage.after + outage.lasts
    if (uptime >= outage.after && uptime < end) return { holds: false, until: end }
    if (uptime < outage.after && outage.after < until) until = outage.after
  }
  return { holds: true, until }
}
