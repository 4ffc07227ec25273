import { structuralEqual } from '../../api/json/structural-equal.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { Node, NodeCondition } from '../../api/types/core-v1.generated.ts'
import type { Heartbeats } from '../client/heartbeats.ts'
import { millisecond, second, type Micros } from '../kernel/micros.ts'
import type { Timer, TimerTag } from '../kernel/timer.ts'
import type { Context } from './context.ts'
import { createImageList } from './image-list.ts'
import type { Task } from './life.ts'
import type { Manager } from './manager.ts'
import { createNodeLease } from './node-lease.ts'
import { nodeLabels, nodeStatus, type NodeFacts } from './node-object.ts'

export interface NodeStatusManager extends Manager {
  /** The node as this kubelet knows it: the API's version, or what it would register. */
  node(): Node
  /** The node's object has come in. */
  seen(node: Node): void
  /** Something that the status tells has changed. */
  touched(): void
  /** Tells it at once. */
  report(): void
  /** There is another image on the disk. */
  imagePulled(): void
  stop(): void
}

export interface NodeStatusParts {
  readonly context: Context
  readonly heartbeats: Heartbeats
  /** The eviction manager's conditions. */
  readonly pressures: () => readonly string[]
  readonly shuttingDown: () => boolean
  readonly version: string
  readonly facts: (facts: NodeFacts) => NodeFacts
  /** The node as this kubelet registered it before its story begins. */
  readonly joined: Node | undefined
}

const firstStep: Micros = 100 * millisecond
const lastStep: Micros = 7 * second

type ConditionText = {
  readonly type: string
  readonly good: readonly [string, string, string]
  readonly bad: readonly [string, string, string]
}

const pressureConditions: readonly ConditionText[] = [
  {
    type: 'MemoryPressure',
    good: ['KubeletHasSufficientMemory', 'kubelet has sufficient memory available', 'NodeHasSufficientMemory'],
    bad: ['KubeletHasInsufficientMemory', 'kubelet has insufficient memory available', 'NodeHasInsufficientMemory'],
  },
  {
    type: 'DiskPressure',
    good: ['KubeletHasNoDiskPressure', 'kubelet has no disk pressure', 'NodeHasNoDiskPressure'],
    bad: ['KubeletHasDiskPressure', 'kubelet has disk pressure', 'NodeHasDiskPressure'],
  },
  {
    type: 'PIDPressure',
    good: ['KubeletHasSufficientPID', 'kubelet has sufficient PID available', 'NodeHasSufficientPID'],
    bad: ['KubeletHasInsufficientPID', 'kubelet has insufficient PID available', 'NodeHasInsufficientPID'],
  },
]

/**
 * pkg/kubelet/kubelet_node_status.go and nodestatus/setters.go. The status is computed every 10 s upstream; here that moment is an
 * event only after something changed. Differs: the report every 5 minutes without a change is left out, unless the configuration
 * asks for eager heartbeats; who reads the heartbeat asks the board.
 */
export const createNodeStatusManager = (parts: NodeStatusParts): NodeStatusManager => {
  const { context, heartbeats } = parts
  const { kernel, life, machine, runtime, config, events } = context
  let known: Node | undefined
  let registered = false
  let busy = false
  let again = false
  let timer: Timer | undefined
  let origin: Micros = context.startedAt
  let reportedAt: Micros | undefined
  let delay: Micros = 0
  let bootTold = false
  /** The API's version of the node may have changed behind a cut: it is read before the next report. */
  let stale = false
  let silent = false
  let stopListening: (() => void) | undefined

  const images = createImageList(context, () => touched('housekeeping'))
  const facts = (): NodeFacts =>
    parts.facts({
      spec: machine.spec,
      config,
      hostIp: context.hostIp,
      bootId: machine.bootId,
      machineId: machine.name,
      systemUuid: machine.name,
      runtime: `${runtime.name}://${runtime.version}`,
      images: images.list(),
      version: parts.version,
      now: context.time(),
    })

  const withTransition = (
    made: NodeCondition,
    before: readonly NodeCondition[],
  ): { readonly condition: NodeCondition; readonly changed: boolean } => {
    const old = before.find((one) => one.type === made.type)
    const changed = old?.status !== made.status
    return {
      condition: {
        ...made,
        lastTransitionTime: changed ? context.time() : (old?.lastTransitionTime ?? context.time()),
      },
      changed,
    }
  }

  /** The four conditions; tells an event of each that changed. */
  const conditionsNow = (before: readonly NodeCondition[]): readonly NodeCondition[] => {
    const pressures = parts.pressures()
    const made: NodeCondition[] = []
    for (const { type, good, bad } of pressureConditions) {
      const under = pressures.includes(type)
      const [reason, message, event] = under ? bad : good
      const { condition, changed } = withTransition(
        { type, status: under ? 'True' : 'False', lastHeartbeatTime: context.time(), reason, message },
        before,
      )
      made.push(condition)
      if (changed) events.node('Normal', event, `Node ${context.node} status is now: ${event}`)
    }
    const shuttingDown = parts.shuttingDown()
    const ready = withTransition(
      {
        type: 'Ready',
        status: shuttingDown ? 'False' : 'True',
        lastHeartbeatTime: context.time(),
        reason: shuttingDown ? 'KubeletNotReady' : 'KubeletReady',
        message: shuttingDown ? 'node is shutting down' : 'kubelet is posting ready status',
      },
      before,
    )
    if (ready.changed && before.some((one) => one.type === 'Ready')) {
      const event = shuttingDown ? 'NodeNotReady' : 'NodeReady'
      events.node('Normal', event, `Node ${context.node} status is now: ${event}`)
    }
    made.push(ready.condition)
    const others = before.filter((one) => !made.some((mine) => mine.type === one.type))
    return [...others, ...made]
  }

  /** initialNode */
  const initial = (): Node => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: context.node,
      labels: nodeLabels(machine.spec),
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    } as unknown as Node['metadata'],
    spec: {
      ...(machine.spec.taints.length === 0
        ? {}
        : {
            taints: machine.spec.taints.map((taint) => ({
              key: taint.key,
              ...(taint.value === '' ? {} : { value: taint.value }),
              effect: taint.effect as 'NoSchedule',
            })),
          }),
    },
    status: nodeStatus(facts(), conditionsNow([])),
  })

  const request = (body: {
    verb: 'create' | 'get' | 'patch'
    body?: unknown
    subresource?: string
  }): Task<ApiResponse> => {
    const resource = context.scheme().byKind('v1/Node')!
    const name = body.verb === 'create' ? {} : { name: context.node }
    const patch = body.verb === 'patch' ? { patchType: 'strategic' as const } : {}
    return context.request({ ...body, resource, ...name, ...patch })
  }

  function* register(): Task<void> {
    let step = firstStep
    for (;;) {
      yield* life.sleep(step, { label: `${context.actor.name} registers its node` })
      step = Math.min(step * 2, lastStep)
      const answer = yield* request({ verb: 'create', body: initial() })
      if (answer.code === 200 || answer.code === 201) {
        known = answer.body as Node
        return
      }
      if (answer.code !== 409) continue
      const existing = yield* request({ verb: 'get' })
      if (existing.code !== 200) continue
      known = existing.body as Node
      return
    }
  }

  const beat = (hasLease: boolean): void => {
    const period = leasePeriod(config.nodeLeaseDurationSeconds)
    heartbeats.beat(context.node, kernel.now, period)
    if (!hasLease || config.eagerHeartbeats) createNodeLease(context).start(period)
  }

  function* update(): Task<void> {
    if (busy) {
      again = true
      return
    }
    busy = true
    do {
      again = false
      if (!registered) {
        yield* register()
        registered = true
        origin = kernel.now
        beat(false)
      }
      for (let attempt = 0; attempt < 5; attempt += 1) {
        if (attempt > 0 || stale) {
          stale = false
          const answer = yield* request({ verb: 'get' })
          if (answer.code === 200) known = answer.body as Node
          else if (answer.code === 404) {
            registered = false
            again = true
            break
          }
        }
        if (yield* patchStatus()) break
        if (attempt === 4) touched()
      }
    } while (again)
    busy = false
  }

  function* patchStatus(): Task<boolean> {
    const before = known!
    const old = before.status ?? {}
    const status = nodeStatus(facts(), conditionsNow(old.conditions ?? []))
    tellReboot(old)
    const changed = !sameStatus(old, status)
    const due = reportedAt === undefined || kernel.now >= reportedAt + config.nodeStatusReportFrequency + delay
    if (!changed && !due) return true
    delay = changed || reportedAt === undefined ? drawDelay() : 0
    // A merge leaves what it does not name.
    const lastImageGone = (old.images ?? []).length > 0 && (status.images ?? []).length === 0
    const body = { status: lastImageGone ? { ...status, images: null } : status }
    const answer = yield* request({ verb: 'patch', subresource: 'status', body })
    if (answer.code !== 200) return false
    known = answer.body as Node
    reportedAt = kernel.now
    if (config.eagerHeartbeats) touched()
    return true
  }

  const rebooted = (old: Partial<Node['status']>): boolean =>
    old.nodeInfo?.bootID !== undefined && old.nodeInfo.bootID !== facts().bootId
  const tellReboot = (old: Partial<Node['status']>): void => {
    if (bootTold || !rebooted(old)) return
    bootTold = true
    events.node('Warning', 'Rebooted', `Node ${context.node} has been rebooted, boot id: ${facts().bootId}`)
  }
  /** calculateDelay: half the report period to either side. */
  const drawDelay = (): Micros => {
    const half = config.nodeStatusReportFrequency / 2
    return kernel.choose('kubelet/node-report', 1001) * Math.floor((2 * half) / 1000) - half
  }

  const touched = (tag: TimerTag = config.eagerHeartbeats ? 'housekeeping' : 'progress'): void => {
    if (!registered || (timer?.run !== undefined && (timer.tag === tag || tag === 'housekeeping'))) return
    life.cancel(timer)
    const next =
      origin +
      (Math.floor((kernel.now - origin) / config.nodeStatusUpdateFrequency) + 1) * config.nodeStatusUpdateFrequency
    timer = life.at(
      next,
      () => {
        timer = undefined
        life.spawn(update())
        if (config.eagerHeartbeats) touched()
      },
      { tag, label: `${context.actor.name} reports its node's status` },
    )
  }

  return {
    name: 'node-status',
    start() {
      // Upstream reads its node and reports every 10 s: whatever was said of it while it could not answer is put right then.
      stopListening = heartbeats.subscribe((node, beating) => {
        if (node !== context.node || !registered) return
        if (!beating) silent = true
        else if (silent) {
          silent = false
          stale = true
          touched()
        }
      })
      if (parts.joined !== undefined) {
        known = parts.joined
        registered = true
        reportedAt = kernel.now
        beat(true)
        return
      }
      events.node('Normal', 'Starting', 'Starting kubelet.')
      conditionsNow([])
      life.spawn(update())
    },
    stop: () => stopListening?.(),
    node: () => known ?? initial(),
    seen(node) {
      known = node
    },
    touched: () => touched(),
    report() {
      if (registered) life.spawn(update())
    },
    imagePulled: () => images.pulled(),
  }
}

/** component-helpers/apimachinery/lease: a quarter of the lease's duration. */
const leasePeriod = (seconds: number): Micros => Math.floor((seconds * second) / 4)

/** nodeStatusHasChanged: heartbeat times do not count. */
const sameStatus = (a: Partial<Node['status']>, b: Node['status']): boolean => {
  const plain = (status: Partial<Node['status']>): unknown => {
    const own = (status.conditions ?? []).map(({ lastHeartbeatTime, ...rest }) => {
      void lastHeartbeatTime
      return rest
    })
    const { conditions, volumesAttached, volumesInUse, ...rest } = status
    void [conditions, volumesAttached, volumesInUse]
    return { ...rest, conditions: own }
  }
  return structuralEqual(plain(a), plain(b))
}
