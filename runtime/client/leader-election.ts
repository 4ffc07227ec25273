import type { Lease } from '../../api/types/coordination-v1.generated.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Actor } from '../kernel/actor.ts'
import { startFiber, type Fiber } from '../kernel/fiber.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { second, type Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Client } from './client.ts'
import { microTimestamp } from './timestamp.ts'

/** client-go tools/leaderelection over a Lease lock. */
export interface LeaderElection {
  readonly leading: boolean
  start(): void
  /** `release`: gives the lease up (upstream's ReleaseOnCancel: kube-scheduler does, kube-controller-manager does not). */
  stop(release: boolean): void
}

export interface LeaderElectionOptions {
  readonly kernel: Kernel
  readonly actor: Actor
  readonly client: Client
  readonly namespace: string
  readonly name: string
  readonly identity: string
  readonly leaseDuration?: Micros
  readonly renewDeadline?: Micros
  readonly retryPeriod?: Micros
  /** Whether another candidate exists. Without one a leader's renewals are no events: nobody could take the lease. */
  readonly rivals: () => boolean
  /** It leads from now on; it is told its lease. */
  readonly onStarted: (lease: Lease) => void
  /** It could not renew its lease in time: the process ends itself. */
  readonly onStopped: (lease: Lease) => void
}

// client-go leaderelection: JitterFactor.
const jitterFactor = 1.2

/**
 * Acquires, renews and gives up a lease. What another candidate wrote is judged by the local clock: a lease counts as held for its
 * duration after the record was last seen to change.
 */
export const createLeaderElection = (options: LeaderElectionOptions): LeaderElection => {
  const { kernel, actor, client, namespace, name, identity } = options
  const leaseDuration = options.leaseDuration ?? 15 * second
  const renewDeadline = options.renewDeadline ?? 10 * second
  const retryPeriod = options.retryPeriod ?? 2 * second
  let leading = false
  let stopped = true
  let fiber: Fiber | undefined
  let timer: Timer | undefined
  let observed: { readonly record: string; readonly at: Micros; readonly lease: Lease } | undefined
  let deadline: Timer | undefined

  const observe = (lease: Lease): void => {
    const record = JSON.stringify(lease.spec ?? {})
    if (observed?.record === record) observed = { record, at: observed.at, lease }
    else observed = { record, at: kernel.now, lease }
  }

  const now = (): string => microTimestamp(kernel.epoch + kernel.now)

  /** tryAcquireOrRenew: true if the lease is ours afterwards. */
  function* acquireOrRenew(): Generator<ApiRequest, boolean, unknown> {
    const seconds = Math.round(leaseDuration / second)
    // The leader's fast path: what it saw last is what is there, unless somebody has been at it.
    if (leading && observed !== undefined && kernel.now < observed.at + leaseDuration) {
      const { lease } = observed
      const renewed = yield* client.update({ ...lease, spec: { ...lease.spec, renewTime: now() } } as Lease)
      if (renewed.ok) {
        observe(renewed.object as Lease)
        return true
      }
    }
    const got = yield* client.get('coordination.k8s.io/v1/Lease', `${namespace}/${name}`)
    if (!got.ok) {
      if (got.code !== 404) return false
      const created = yield* client.create({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name, namespace },
        spec: {
          holderIdentity: identity,
          leaseDurationSeconds: seconds,
          acquireTime: now(),
          renewTime: now(),
          leaseTransitions: 0,
        },
      } as Parameters<Client['create']>[0])
      if (created.ok) observe(created.object as Lease)
      return created.ok
    }
    const lease = got.object as Lease
    observe(lease)
    const holder = lease.spec?.holderIdentity ?? ''
    if (holder !== identity && holder !== '' && kernel.now < observed!.at + leaseDuration) return false
    const ours = holder === identity
    const spec = {
      ...lease.spec,
      holderIdentity: identity,
      leaseDurationSeconds: seconds,
      renewTime: now(),
      acquireTime: ours ? lease.spec?.acquireTime : now(),
      leaseTransitions: (lease.spec?.leaseTransitions ?? 0) + (ours ? 0 : 1),
    }
    const updated = yield* client.update({ ...lease, spec } as Lease)
    if (updated.ok) observe(updated.object as Lease)
    return updated.ok
  }

  const attempt = (then: (held: boolean) => void): void => {
    fiber = startFiber(acquireOrRenew(), {
      perform: (request, resume) => client.send(request, resume),
      finished(held) {
        if (!stopped) then(held)
      },
    })
  }

  const acquire = (): void =>
    attempt((held) => {
      if (held) {
        leading = true
        options.onStarted(observed!.lease)
        renewLater()
        return
      }
      const jitter = Math.floor((retryPeriod * jitterFactor * kernel.choose('leader-election/jitter', 1024)) / 1024)
      timer = kernel.after(retryPeriod + jitter, actor, acquire, { tag: 'housekeeping' })
    })

  const renewLater = (): void => {
    if (!options.rivals()) return
    timer = kernel.after(retryPeriod, actor, renew, { tag: 'housekeeping' })
  }

  /** One round of LeaderElector.renew: tried every `retryPeriod` until it goes through or the deadline of the round has come. */
  const renew = (): void => {
    deadline = kernel.after(renewDeadline, actor, lose, { tag: 'housekeeping' })
    tryToRenew()
  }
  function tryToRenew(): void {
    attempt((held) => {
      if (!held) {
        timer = kernel.after(retryPeriod, actor, tryToRenew, { tag: 'housekeeping' })
        return
      }
      kernel.cancel(deadline)
      renewLater()
    })
  }
  function lose(): void {
    leading = false
    fiber?.abandon()
    kernel.cancel(timer)
    options.onStopped(observed!.lease)
  }

  return {
    get leading() {
      return leading
    },
    start() {
      if (!stopped) return
      stopped = false
      observed = undefined
      acquire()
    },
    stop(release) {
      stopped = true
      fiber?.abandon()
      kernel.cancel(timer)
      kernel.cancel(deadline)
      if (leading && release && observed !== undefined) {
        const spec = {
          leaseDurationSeconds: 1,
          leaseTransitions: observed.lease.spec?.leaseTransitions ?? 0,
          renewTime: now(),
          acquireTime: now(),
        }
        startFiber(client.update({ ...observed.lease, spec } as Lease), {
          perform: (request, resume) => client.send(request, resume),
        })
      }
      leading = false
    },
  }
}
