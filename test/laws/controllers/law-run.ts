import { createSourceHost } from '../../../cli/source-host.ts'
import { compile } from '../../../dsl/compile.ts'
import type { ScenarioPlan } from '../../../dsl/plan/plan.ts'
import type { Cluster } from '../../../runtime/cluster/cluster.ts'
import { createCluster } from '../../../runtime/cluster/create-cluster.ts'
import { second, type Micros } from '../../../runtime/kernel/micros.ts'
import type { Controller } from '../../../runtime/reconcile/controller.ts'
import type { Record } from '../../../runtime/record/record.ts'
import type { RequestNote } from '../../../runtime/record/request-note.ts'
import { runScenario } from '../../../runtime/runner/run-scenario.ts'
import { createHearing } from './hearing.ts'

/** A write of a controller of kube-controller-manager that the API server took; events are none. */
export interface ControllerWrite {
  readonly controller: string
  readonly verb: string
  readonly resource: string
  readonly subject: string
  readonly sentAt: Micros
  readonly at: Micros
}

export interface LawRun {
  readonly record: Record
  readonly cluster: Cluster
  /** Those of the scenario, until its last sentence. */
  readonly writes: readonly ControllerWrite[]
  /** Tells every controller of everything once more. */
  readonly retell: () => void
}

export interface LawOptions {
  readonly seed?: string
  /** Who hears of what first is drawn: news of different objects overtake each other, and what falls on one instant happens in any order. */
  readonly shuffled?: boolean
  /** Controllers that run beside the built-in ones, to break a law. */
  readonly planted?: readonly Controller[]
  /** The manager crashes as the answer to its n-th write is on its way, or just before the write of that instant is sent. */
  readonly crash?: { readonly after: number } | { readonly at: Micros }
}

const writing = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])

/** Accounts of one process: what its controllers do under their own names. */
const controllerOf = (user: string): string => user.replace('system:serviceaccount:kube-system:', '')

export const scenariosOf = (path: string): readonly ScenarioPlan[] => {
  const { plan, diagnostics } = compile([path], createSourceHost())
  if (plan === undefined) throw new Error(diagnostics.map((one) => `${one.code} ${one.message}`).join('\n'))
  return plan.scenarios
}

/** Lets a cluster go on for so long. */
export const leaveAlone = ({ kernel }: Cluster, time: Micros): void => {
  const until = kernel.now + time
  while (kernel.step(until)) continue
  kernel.idleUntil(until)
}

const crashes = (cluster: Cluster, crash: NonNullable<LawOptions['crash']>): ((writes: number) => void) => {
  const { kernel } = cluster
  const actor = kernel.actor('law')
  const manager = cluster.process('controller-manager')!
  const stop = (): void => {
    manager.stop('crash')
    kernel.after(second, actor, () => manager.start())
  }
  if ('at' in crash) kernel.at(Math.max(crash.at - 1, kernel.now), actor, stop)
  return (writes) => {
    if ('after' in crash && writes === crash.after) kernel.at(kernel.now, actor, stop)
  }
}

/** Runs a scenario, with a crash of the manager (for a second) where one is asked for. */
export const lawRun = (scenario: ScenarioPlan, options: LawOptions = {}): LawRun => {
  const writes: ControllerWrite[] = []
  const heard = createHearing(options.shuffled === true ? 'shuffled' : 'as it comes')
  let cluster: Cluster | undefined
  const make: typeof createCluster = (spec, behaviors, given) => {
    const planted = options.planted === undefined ? {} : { planted: options.planted }
    // A block that is tried out runs in a cluster of its own.
    if (cluster !== undefined) return createCluster(spec, behaviors, { ...given, ...planted })
    const made = createCluster(spec, behaviors, { ...given, ...planted, hearing: heard.hearing })
    cluster = made
    const { timeline } = made
    const wrote = options.crash === undefined ? undefined : crashes(made, options.crash)
    timeline.subscribe((entry) => {
      if (timeline.kind(entry) !== 'request') return
      const note = timeline.data(entry) as RequestNote
      if (note.agent !== 'kube-controller-manager' || note.code >= 300 || !writing.has(note.verb)) return
      if (note.resource === 'events' || note.resource === 'leases.coordination.k8s.io') return
      writes.push({
        controller: controllerOf(note.user),
        verb: note.verb,
        resource: note.resource,
        subject: timeline.subject(entry),
        sentAt: note.sentAt,
        at: timeline.time(entry),
      })
      wrote?.(writes.length)
    })
    return made
  }
  const record = runScenario(scenario, {
    seed: options.seed ?? '0',
    createCluster: make,
    keepGoing: true,
    lookAhead: false,
    ...(options.shuffled === true ? { interleaving: 'drawn' } : {}),
  })
  return { record, cluster: cluster!, writes: [...writes], retell: () => heard.retell() }
}
