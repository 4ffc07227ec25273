import { createListeners } from '../kernel/listeners.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { millisecond, second, type Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Trace } from '../kernel/trace.ts'
import { createEtcd } from './create-etcd.ts'
import type { Txn, TxnResult } from './etcd.ts'
import { createClientView } from './client-view.ts'
import type { EtcdMember, EtcdMembers } from './members.ts'
import { createStaleTables, type StaleTables } from './stale-tables.ts'
import type { StartState } from './start-state.ts'

export interface MembersOptions {
  readonly kernel: Kernel
  readonly trace: Trace
  /** `etcd/0`, `etcd/1`, … */
  readonly names: readonly string[]
  /** Time from a proposal to its commit. */
  readonly fsync: Micros
  readonly start?: StartState
  /** Whether two members hear each other. */
  readonly reaches?: (from: string, to: string) => boolean
  /** `quota-backend-bytes`; undefined: none is kept. */
  readonly quota?: number
}

/** etcd's defaults: an election timeout of 1s to 2s, and 5s + 2 elections until a request is given up. */
const electionTimeout: Micros = second
const requestTimeout: Micros = 7 * second

const timedOut = 'etcdserver: request timed out'
const leaderFailed = 'etcdserver: request timed out, possibly due to previous leader failure'
const noSpace = 'etcdserver: mvcc: database space exceeded'
const unavailable = (error: string): TxnResult => ({ ok: false, error })

interface Proposal {
  readonly txn: Txn
  readonly via: number
  reply: ((result: TxnResult) => void) | undefined
  readonly deadline: Timer
  /** Under way to its commit. */
  commit: Timer | undefined
}

interface Member {
  readonly name: string
  up: boolean
  lag: Micros
  /** What it holds while it is behind; undefined: it has everything. */
  stale: StaleTables | undefined
}

export const createMembers = (options: MembersOptions): EtcdMembers => {
  const { kernel, trace, names, fsync, quota } = options
  const actor = kernel.actor('etcd')
  const store = createEtcd({
    kernel,
    trace,
    name: 'etcd',
    fsync: 0,
    ...(options.start === undefined ? {} : { start: options.start }),
  })
  const members: Member[] = names.map((name) => ({ name, up: false, lag: 0, stale: undefined }))
  const majority = Math.floor(members.length / 2) + 1
  const changes = createListeners()
  const proposals = new Set<Proposal>()
  const barriers = new Set<{
    readonly via: number
    reply: ((error: string | undefined) => void) | undefined
    readonly deadline: Timer
  }>()
  /** Proposals of a leader that failed, which a majority had on disk: the next leader commits them. */
  let survived: Txn[] = []
  let leader: number | undefined
  let term = 0
  let election: Timer | undefined
  let slowness: Micros = 0
  let bytes = 0
  let alarm = false

  const linked = (a: number, b: number): boolean =>
    members[a]!.up && members[b]!.up && (a === b || options.reaches?.(members[a]!.name, members[b]!.name) !== false)
  const hasQuorum = (one: number): boolean => members.filter((_, other) => linked(one, other)).length >= majority
  const leading = (): number | undefined =>
    leader !== undefined && members[leader]!.up && hasQuorum(leader) ? leader : undefined
  const revisionOf = (member: Member): number => member.stale?.revision ?? store.revision

  /** Each member follows as far as it hears the leader. */
  const follow = (): void => {
    const head = leading()
    for (const [index, member] of members.entries()) {
      const hears = head !== undefined && linked(index, head)
      if (hears && member.lag === 0) {
        member.stale = undefined
      } else member.stale ??= createStaleTables(store)
    }
  }

  const pump = (): void => {
    const head = leading()
    if (head === undefined) return
    for (const proposal of [...proposals])
      if (proposal.commit === undefined && linked(proposal.via, head)) begin(proposal)
    for (const barrier of [...barriers]) {
      if (!linked(barrier.via, head)) continue
      barriers.delete(barrier)
      kernel.cancel(barrier.deadline)
      barrier.reply?.(undefined)
    }
  }

  /** Roles after a change. Without a leader the first that a majority hears is elected, once its timeout is over. */
  const settle = (): void => {
    for (const proposal of [...proposals]) if (!members[proposal.via]!.up) giveUp(proposal)
    tellRoles()
    if (leading() === undefined) {
      for (const proposal of [...proposals]) if (proposal.commit !== undefined) interrupt(proposal)
      election ??= kernel.after(electionTimeout + kernel.choose('etcd/election', 1000) * millisecond, actor, elect, {
        label: 'etcd election',
      })
    }
    follow()
    pump()
    changes.tell()
  }

  /** Who leads is ground truth. */
  let told: number | undefined
  const tellRoles = (): void => {
    const head = leading()
    if (head === told) return
    const say = (index: number, leads: boolean): void => {
      const member = members[index]!
      if (!member.up) return
      const action = leads ? 'lead' : 'follow'
      kernel.cause = trace.append(
        'truth',
        actor,
        action,
        `components/${member.name}`,
        Object.freeze({ up: true, leader: leads }),
      )
    }
    if (told !== undefined) say(told, false)
    told = head
    if (head !== undefined) say(head, true)
  }

  const elect = (): void => {
    election = undefined
    if (leading() !== undefined) return
    const able = members.flatMap((member, index) =>
      member.up && hasQuorum(index) && revisionOf(member) === store.revision ? [index] : [],
    )
    if (able.length === 0) return
    leader = able[able.length === 1 ? 0 : kernel.choose('etcd/leader', able.length)]
    term += 1
    const left = survived
    survived = []
    for (const txn of left) store.txn(txn, () => undefined)
    settle()
  }

  /** The leader is gone with a proposal under way: whether a majority had it is chance, and the client never hears. */
  const interrupt = (proposal: Proposal): void => {
    kernel.cancel(proposal.commit)
    kernel.cancel(proposal.deadline)
    proposals.delete(proposal)
    if (kernel.choose('etcd/in-flight', 2) === 1) survived.push(proposal.txn)
    const { reply } = proposal
    proposal.reply = undefined
    kernel.after(electionTimeout, actor, () => reply?.(unavailable(leaderFailed)), {
      label: 'a proposal without an answer',
    })
  }

  const size = (value: unknown): number => (value === undefined ? 0 : JSON.stringify(value).length)

  const commit = (proposal: Proposal): void => {
    proposals.delete(proposal)
    // Who asked through a member that no longer hears the leader is never told.
    const head = leading()
    if (head !== undefined && linked(proposal.via, head)) kernel.cancel(proposal.deadline)
    else proposal.reply = undefined
    if (alarm && proposal.txn.ops.some((op) => op.type === 'put')) {
      proposal.reply?.(unavailable(noSpace))
      return
    }
    store.txn(proposal.txn, (result) => {
      if (result.ok && quota !== undefined) {
        for (const value of result.values) bytes += size(value)
        alarm ||= bytes > quota
      }
      const { revision } = store
      for (const member of members) {
        if (member.stale === undefined || member.lag === 0) continue
        kernel.after(member.lag, actor, () => catchUp(member, revision), { label: 'a slow member applies' })
      }
      proposal.reply?.(result)
    })
  }

  const catchUp = (member: Member, to: number): void => {
    const head = leading()
    if (head === undefined || member.stale === undefined || !linked(members.indexOf(member), head)) return
    member.stale.advance(to)
    changes.tell()
  }

  function begin(proposal: Proposal): void {
    const time = fsync + slowness
    if (time === 0) commit(proposal)
    else proposal.commit = kernel.after(time, actor, () => commit(proposal))
  }

  const propose = (via: number | undefined, txn: Txn, reply: (result: TxnResult) => void): void => {
    if (via === undefined) {
      reply(unavailable(timedOut))
      return
    }
    const deadline = kernel.after(requestTimeout, actor, () => giveUp(proposal), {
      label: 'a proposal without an answer',
    })
    const proposal: Proposal = { txn, via, reply, deadline, commit: undefined }
    proposals.add(proposal)
    const head = leading()
    if (head !== undefined && linked(via, head)) begin(proposal)
  }

  const giveUp = (proposal: Proposal): void => {
    // What is under way commits all the same; only nobody is told.
    const { reply } = proposal
    proposal.reply = undefined
    if (proposal.commit === undefined) proposals.delete(proposal)
    reply?.(unavailable(timedOut))
  }

  const barrier = (via: number | undefined, reply: (error: string | undefined) => void): void => {
    const head = leading()
    if (via === undefined) reply(timedOut)
    else if (head !== undefined && linked(via, head)) reply(undefined)
    else {
      const one = {
        via,
        reply: reply as ((error: string | undefined) => void) | undefined,
        deadline: kernel.after(
          requestTimeout,
          actor,
          () => {
            barriers.delete(one)
            one.reply?.(timedOut)
          },
          { label: 'a read without an answer' },
        ),
      }
      barriers.add(one)
    }
  }

  const handles = members.map((member, index): EtcdMember => ({
    name: member.name,
    get up() {
      return member.up
    },
    get revision() {
      return revisionOf(member)
    },
    start() {
      if (member.up) return
      member.up = true
      // The members of a cluster that starts for the first time find their leader at once.
      if (term === 0 && leader === undefined && hasQuorum(index)) {
        leader = 0
        term = 1
        kernel.cancel(election)
        election = undefined
      }
      if (term === 0) return
      settle()
    },
    stop() {
      if (!member.up) return
      member.stale ??= createStaleTables(store)
      member.up = false
      settle()
    },
    lag(by) {
      member.lag += by
      settle()
      return () => {
        member.lag -= by
        settle()
      }
    },
  }))

  return {
    members: handles,
    leader() {
      const head = leading()
      return head === undefined ? undefined : members[head]!.name
    },
    get term() {
      return term
    },
    subscribe: changes.add,
    client: (preferred, reaches) =>
      createClientView({
        store,
        changes: changes.add,
        member() {
          for (let step = 0; step < members.length; step += 1) {
            const index = (preferred + step) % members.length
            if (members[index]!.up && reaches(members[index]!.name)) {
              const head = leading()
              return { index, stale: members[index]!.stale, hears: head !== undefined && linked(index, head) }
            }
          }
          return undefined
        },
        propose,
        barrier,
      }),
    changed: settle,
    slow(by) {
      slowness += by
      return () => {
        slowness -= by
      }
    },
    compact: (revision) => store.compact(revision),
    get alarm() {
      return alarm
    },
    defragment() {
      bytes = 0
      for (const resource of store.resources()) {
        store.table(resource).scan('', '', (row) => {
          bytes += size(row.value)
        })
      }
    },
    disarm() {
      alarm = quota !== undefined && bytes > quota
    },
  }
}
