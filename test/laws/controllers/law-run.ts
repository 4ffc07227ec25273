import { compile } from '../../../dsl/compile.ts'
import type { ScenarioPlan } from '../../../dsl/plan/plan.ts'
import { createSourceHost } from '../../../cli/source-host.ts'
import type { Cluster } from '../../../runtime/cluster/cluster.ts'
import { createCluster } from '../../../runtime/cluster/create-cluster.ts'
import { second } from '../../../runtime/kernel/micros.ts'
import type { Record } from '../../../runtime/record/record.ts'
import type { RequestNote } from '../../../runtime/record/request-note.ts'
import { runScenario } from '../../../runtime/runner/run-scenario.ts'

/** A write of a controller of kube-controller-manager that the API server took; events are none. */
export interface ControllerWrite {
  readonly controller: string
  readonly verb: string
  readonly resource: string
  readonly subject: string
  readonly sentAt: number
  readonly at: number
}

export interface LawRun {
  readonly record: Record
  readonly cluster: Cluster
  readonly writes: readonly ControllerWrite[]
  /** Nothing was to be done any more within the time that was given. */
  readonly settled: boolean
}

export interface LawOptions {
  readonly seed?: string
  readonly interleaving?: 'stable' | 'drawn'
  /** The manager crashes as the answer to its n-th write is on its way, or just before the write of that instant is sent. */
  readonly crash?: { readonly after: number } | { readonly at: number }
}

const writing = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])

export const scenariosOf = (path: string): readonly ScenarioPlan[] => {
  const { plan, diagnostics } = compile([path], createSourceHost())
  if (plan === undefined) throw new Error(diagnostics.map((one) => `${one.code} ${one.message}`).join('\n'))
  return plan.scenarios
}

/** Runs a cluster on until nothing but housekeeping is left, for an hour at most. */
export const runOn = (cluster: Cluster, limit: number): boolean => {
  const until = cluster.kernel.now + limit
  while (!cluster.kernel.settled) if (!cluster.kernel.step(until)) break
  return cluster.kernel.settled
}

/** Runs a scenario, with a crash of the manager (for a second) where one is asked for, and then on until it is settled. */
export const lawRun = (scenario: ScenarioPlan, options: LawOptions = {}): LawRun => {
  const writes: ControllerWrite[] = []
  let cluster: Cluster | undefined
  const make: typeof createCluster = (spec, behaviors, given) => {
    const made = createCluster(spec, behaviors, given)
    // A look-ahead runs a second time.
    if (cluster !== undefined) return made
    cluster = made
    const { kernel, timeline } = made
    const actor = kernel.actor('law')
    const manager = made.process('controller-manager')!
    const crash = (): void => {
      manager.stop('crash')
      kernel.after(second, actor, () => manager.start())
    }
    if (options.crash !== undefined && 'at' in options.crash)
      kernel.at(Math.max(options.crash.at - 1, kernel.now), actor, crash)
    timeline.subscribe((entry) => {
      if (timeline.kind(entry) !== 'request') return
      const note = timeline.data(entry) as RequestNote
      if (note.agent !== 'kube-controller-manager' || note.code >= 300 || !writing.has(note.verb)) return
      if (note.resource === 'events' || note.resource === 'leases') return
      writes.push({
        controller: note.user.replace('system:serviceaccount:kube-system:', ''),
        verb: note.verb,
        resource: note.resource,
        subject: timeline.subject(entry),
        sentAt: note.sentAt,
        at: timeline.time(entry),
      })
      if (options.crash !== undefined && 'after' in options.crash && writes.length === options.crash.after)
        kernel.at(kernel.now, actor, crash)
    })
    return made
  }
  const record = runScenario(scenario, {
    seed: options.seed ?? '0',
    createCluster: make,
    keepGoing: true,
    ...(options.interleaving === undefined ? {} : { interleaving: options.interleaving }),
  })
  // What a CronJob goes on doing for ever is no part of the scenario.
  const during = [...writes]
  const settled = runOn(cluster!, 720 * second)
  return { record, cluster: cluster!, writes: during, settled }
}
