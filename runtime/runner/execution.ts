import type { CreateCluster } from '../cluster/cluster.ts'
import type { BehaviorSpec } from '../../dsl/plan/behavior-spec.ts'
import type { ScenarioPlan } from '../../dsl/plan/plan.ts'
import type { Inputs } from '../../dsl/plan/property.ts'
import type { World } from '../expect/moment.ts'
import type { Choice } from '../kernel/choices.ts'
import { startFiber } from '../kernel/fiber.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Finding, LookAhead } from '../record/finding.ts'
import type { PendingWork, SentenceResult, SnapshotResult } from '../record/record.ts'
import type { StateStart } from '../record/state-start.ts'
import type { Timeline } from '../record/timeline.ts'
import { reportComplaints } from './complaints.ts'
import { limitFinding } from './findings.ts'
import type { Invariant } from '../invariants/invariant.ts'
import { createLibrary } from '../invariants/library.ts'
import { invariants } from '../invariants/registry.ts'
import { invariantFinding } from './invariant-finding.ts'
import { createJudgeBoard } from './judge-board.ts'
import { judgesWatches } from './judges-watches.ts'
import { looksIntoCaches, seenBy } from './seen-by.ts'
import { valueOfInput } from './input-values.ts'
import { lookAhead, type LookAheadSubject } from './look-ahead.ts'
import { createPerformer } from './perform.ts'
import { runBlock, runStatements } from './run-block.ts'
import type { ChangesOutcome } from './run-changes.ts'
import { readsProxies } from './reads-proxies.ts'
import { readsUsage } from './reads-usage.ts'
import type { Run } from './run.ts'
import { rootScope } from './script-scope.ts'
import type { SnapshotStore } from './run-snapshot.ts'
import { createSettleWatch } from './settle-watch.ts'
import type { Track } from './track.ts'
import { vacuousFindings } from './vacuity.ts'
import type { Script } from './wait.ts'

export interface ExecutionOptions {
  readonly seed: string
  readonly replay: readonly Choice[] | undefined
  readonly interleaving: 'stable' | 'drawn' | undefined
  readonly keepGoing: boolean
  readonly createCluster: CreateCluster
  /** At the first failure the script stands still, and the run goes on to see whether the claim comes true. */
  readonly lookAhead: boolean
  /** What a property's inputs are in this run. */
  readonly inputs?: Inputs | undefined
  /** Runs up to the `expect changes if` of that number, and tries its block out. */
  readonly fork?: number
  readonly snapshots: SnapshotStore | undefined
  /** Instead of the library. */
  readonly invariants?: readonly Invariant[] | undefined
  /** Functions of imported TypeScript modules. */
  readonly external: World['external'] | undefined
}

export interface Execution {
  readonly findings: readonly Finding[]
  readonly warnings: readonly Finding[]
  readonly sentences: readonly SentenceResult[]
  readonly snapshots: readonly SnapshotResult[]
  readonly unsupported: string | undefined
  readonly timeline: Timeline
  readonly start: StateStart | undefined
  readonly behaviors: readonly BehaviorSpec[]
  /** What the cluster is still to do. */
  readonly pending: () => readonly PendingWork[]
  readonly choices: readonly Choice[]
  readonly now: Micros
  readonly events: number
  readonly epoch: number
  /** Whether the first finding is one that a look-ahead has something to say about. */
  readonly canLookAhead: boolean
  readonly lookAhead: LookAhead | undefined
  /** Of a fork: what came of it. */
  readonly forked: ChangesOutcome
}

/** Kernel events between two moments at which the caller may look up, or walk away. */
const sliceEvents = 20_000
/** The same where code of the user's runs, that may never come back. */
const guardedEvents = 2_000

/** A fork from its beginning to its end. */
const tryOut = (scenario: ScenarioPlan, options: ExecutionOptions): ChangesOutcome => {
  const slices = executeInSlices(scenario, { ...options, lookAhead: false, keepGoing: false })
  for (;;) {
    const slice = slices.next()
    if (slice.done === true) return slice.value.forked
  }
}

/** Runs a scenario once, in slices. Everything of the run lives in here; two executions never touch. */
export function* executeInSlices(
  scenario: ScenarioPlan,
  options: ExecutionOptions,
): Generator<undefined, Execution, unknown> {
  const { seed, replay, interleaving } = options
  const cluster = options.createCluster(scenario.cluster, scenario.behaviors, {
    seed,
    ...(replay === undefined ? {} : { replay }),
    ...(interleaving === undefined ? {} : { interleaving }),
    proxies: readsProxies(scenario),
    metrics: readsUsage(scenario),
    ...(judgesWatches(scenario) ? { tellWatches: true } : {}),
    ...(looksIntoCaches(scenario.body) ? { keepCaches: true } : {}),
  })
  const { kernel, timeline } = cluster
  const users = new Map<string, readonly string[]>()
  const library = createLibrary({
    invariants: options.invariants ?? invariants,
    timeline,
    state: cluster.state,
    scheme: () => cluster.scheme(),
    settled: () => kernel.settled,
    upheld(invariant, violation) {
      if (cluster.standIn !== true) run.report(invariantFinding(invariant, violation, run))
    },
  })
  const world: World = {
    library,
    users,
    state: cluster.state,
    timeline,
    scheme: () => cluster.scheme(),
    components: () => cluster.processes(),
    epoch: kernel.epoch,
    invariants: scenario.invariants,
    seen: new Set(),
    seenBy: (component) => seenBy(component, cluster),
    network: scenario.cluster.network,
    ...(options.external === undefined ? {} : { external: options.external }),
  }
  const findings: Finding[] = []
  const taken: SnapshotResult[] = []
  const judgeActor = kernel.actor('judge', 'script')
  const board = createJudgeBoard(kernel, timeline, judgeActor)
  const settling = createSettleWatch(kernel, judgeActor)
  const tracks: Track[] = []
  let stopAt: Micros | undefined
  let ending = false
  let unsupported: string | undefined
  let ahead: LookAheadSubject | undefined
  let awake: Track | undefined
  let forkCount = 0
  let forked: ChangesOutcome | undefined
  const halted = (): boolean => stopAt !== undefined
  /** In a fork only the track that forked goes on. */
  const standsStill = (track: Track): boolean => halted() || (awake !== undefined && track !== awake)
  const performer = createPerformer({ kernel, board, settling, halted: standsStill, ending: () => ending })

  const startTrack = (code: (track: Track) => Script): Track => {
    const actor = kernel.actor(`script/${tracks.length + 1}`, 'script')
    const track: Track = { actor, transport: cluster.connect(actor, 'script'), done: false, finished: [] }
    tracks.push(track)
    kernel.at(kernel.now, actor, () => {
      if (standsStill(track)) return
      startFiber(code(track), {
        perform: (wait, resume) => performer.perform(wait, track, resume),
        finished() {
          track.done = true
          for (const told of track.finished) told()
        },
      })
    })
    return track
  }

  const run: Run = {
    scenario,
    cluster,
    world,
    board,
    marks: new Map(),
    inputs: options.inputs ?? {},
    sentences: [],
    users,
    faults: [],
    vainHeals: [],
    behaviors: [...scenario.behaviors],

    monitors: [],
    judged: [],
    report(finding, subject) {
      if (findings.length === 0) ahead = subject
      findings.push(finding)
      if (!options.keepGoing) stopAt ??= kernel.now
    },
    start: startTrack,
    get ending() {
      return ending
    },
    snapshots: options.snapshots,
    taken,
    keepGoing: options.keepGoing,
    forks: {
      next() {
        forkCount += 1
        return forkCount
      },
      here: options.fork,
      tryOut: (ordinal) => tryOut(scenario, { ...options, fork: ordinal }),
      freeze(track) {
        awake = track
        board.clear()
      },
      body: runBlock,
      end(outcome) {
        forked = { ...outcome, findings: [...findings] }
        stopAt ??= kernel.now
      },
    },
    get halted() {
      return halted()
    },
    unsupported(what) {
      unsupported ??= what
      stopAt ??= kernel.now
    },
  }

  reportComplaints(scenario.span, run)
  const scope = rootScope(run.marks)
  for (const [name, input] of Object.entries(run.inputs)) {
    const value = valueOfInput(input)
    if (value !== undefined) scope.bindings.set(name, value)
  }
  const main = startTrack(function* (track): Script {
    yield* runStatements(scenario.body, { run, track, scope })
    ending = true
    performer.cutTicks()
    yield { kind: 'tracks', tracks: tracks.filter((one) => one !== track) }
    // The body's monitors outlive its last statement: background tracks belong to the body.
    for (const monitor of scope.monitors) monitor.close()
  })

  const { limit } = scenario
  const eventsAtStart = kernel.eventCount
  /** Past the end of the script the run goes on only as long as an obligation is open. */
  const finished = (): boolean => main.done && !run.monitors.some((monitor) => monitor.open)
  /** After a failure the instant is brought to its end, so that all that it broke is told. */
  const overWithInstant = (): boolean => stopAt !== undefined && (kernel.nextAt() ?? Infinity) > stopAt
  const overrun = (message: string): void => run.report(limitFinding(scenario.span, message, run))

  /** One event. False: the run is at its end. */
  const advance = (): boolean => {
    if (finished() || overWithInstant()) return false
    if (!kernel.step(limit.time)) {
      const over = kernel.nextAt() !== undefined
      overrun(
        over ? 'the limit of virtual time was reached' : 'nothing can happen any more, and the script still waits',
      )
      return false
    }
    settling.check()
    if (kernel.eventCount - eventsAtStart <= limit.events) return true
    overrun('the limit of events was reached')
    return false
  }
  const { guard } = cluster
  if (guard === undefined)
    while (advance()) {
      if ((kernel.eventCount - eventsAtStart) % sliceEvents === 0) yield undefined
    }
  else {
    let going = true
    const advanceGuarded = (): void => {
      for (let event = 0; going && event < guardedEvents; event += 1) going = advance()
    }
    while (going) {
      guard(advanceGuarded)
      yield undefined
    }
  }
  // What was watched until then held until then, and how closely.
  for (const monitor of run.monitors) monitor.close()
  const now = kernel.now
  const events = kernel.eventCount
  board.clear()
  const looked =
    options.lookAhead && ahead !== undefined
      ? lookAhead(ahead, kernel, board, () => run.faults.some((fault) => !fault.healed && fault.healsItself))
      : undefined
  for (const track of tracks) track.transport.close()

  return {
    findings,
    warnings: findings.length === 0 && unsupported === undefined ? vacuousFindings(run) : [],
    sentences: run.sentences,
    snapshots: taken,
    unsupported,
    timeline,
    start: cluster.start,
    behaviors: run.behaviors,
    pending: () => kernel.pending().map(({ at, actor, label }) => ({ at, actor: actor.name, label })),
    choices: kernel.choices,
    now,
    events,
    epoch: kernel.epoch,
    canLookAhead: ahead !== undefined,
    lookAhead: looked,
    forked: forked ?? { rows: [], lines: [], findings, settled: true },
  }
}
