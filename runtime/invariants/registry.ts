import { affinityRespected } from './affinity-respected.ts'
import { boundOnce } from './bound-once.ts'
import { converges } from './converges.ts'
import { daemonOnePerNode } from './daemon-one-per-node.ts'
import { daemonTolerations } from './daemon-tolerations.ts'
import { deletionSticky } from './deletion-sticky.ts'
import { endpointSliceSize } from './endpoint-slice-size.ts'
import { endpointsComplete } from './endpoints-complete.ts'
import { endpointsReadyOnly } from './endpoints-ready-only.ts'
import { finalizersHonoured } from './finalizers-honoured.ts'
import { gatesRespected } from './gates-respected.ts'
import { generationMonotonic } from './generation-monotonic.ts'
import { generationObserved } from './generation-observed.ts'
import { jobAtMostCompletions } from './job-at-most-completions.ts'
import { limitsRespected } from './limits-respected.ts'
import { noFight } from './no-fight.ts'
import { noHotLoop } from './no-hot-loop.ts'
import { noLostWrites } from './no-lost-writes.ts'
import { noOrphans } from './no-orphans.ts'
import { noOvercommit } from './no-overcommit.ts'
import { noStarvation } from './no-starvation.ts'
import { pdbRespected } from './pdb-respected.ts'
import { phaseSticky } from './phase-sticky.ts'
import { podOnOneNode } from './pod-on-one-node.ts'
import { priorityRespected } from './priority-respected.ts'
import { quotaRespected } from './quota-respected.ts'
import { resourceVersionMonotonic } from './resource-version-monotonic.ts'
import { restartsMonotonic } from './restarts-monotonic.ts'
import { rolloutAvailability } from './rollout-availability.ts'
import { selectorImmutable } from './selector-immutable.ts'
import { settledIsFixpoint } from './settled-is-fixpoint.ts'
import { singleOwner } from './single-owner.ts'
import { spreadRespected } from './spread-respected.ts'
import { statefulAtMostOne } from './stateful-at-most-one.ts'
import { statefulOrder } from './stateful-order.ts'
import { taintsRespected } from './taints-respected.ts'
import { uidUnique } from './uid-unique.ts'
import { watchOrdered } from './watch-ordered.ts'
import type { Invariant } from './invariant.ts'

/** The library, by name. */
export const invariants: readonly Invariant[] = [
  affinityRespected,
  boundOnce,
  converges,
  daemonOnePerNode,
  daemonTolerations,
  deletionSticky,
  endpointSliceSize,
  endpointsComplete,
  endpointsReadyOnly,
  finalizersHonoured,
  gatesRespected,
  generationMonotonic,
  generationObserved,
  jobAtMostCompletions,
  limitsRespected,
  noFight,
  noHotLoop,
  noLostWrites,
  noOrphans,
  noOvercommit,
  noStarvation,
  pdbRespected,
  phaseSticky,
  podOnOneNode,
  priorityRespected,
  quotaRespected,
  resourceVersionMonotonic,
  restartsMonotonic,
  rolloutAvailability,
  selectorImmutable,
  settledIsFixpoint,
  singleOwner,
  spreadRespected,
  statefulAtMostOne,
  statefulOrder,
  taintsRespected,
  uidUnique,
  watchOrdered,
]
