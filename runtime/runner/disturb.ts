import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { refusalOf } from '../faults/refusal-of.ts'
import type { Actor } from '../kernel/actor.ts'
import type { RequestNote } from '../record/request-note.ts'
import { faultSubject } from './fault-targets.ts'
import type { Disturbance } from './schedule.ts'

type Of<K extends Disturbance['kind']> = Extract<Disturbance, { readonly kind: K }>

const reading = new Set(['get', 'list', 'watch'])

/** The process that a user is, by the name that scenarios use; undefined: somebody outside. */
const processNamed = (user: string): string | undefined => {
  if (user.startsWith('system:node:')) return `kubelet/${user.slice('system:node:'.length)}`
  if (user === 'system:kube-scheduler') return 'scheduler'
  // A controller under test that acts as nobody else.
  if (user.startsWith('controller/')) return user
  const account = /^system:serviceaccount:kube-system:(.+?)(?:-controller)?$/.exec(user)
  return account === null ? undefined : `controller/${account[1]!}`
}

export const processOf = (note: RequestNote): string | undefined => processNamed(note.user)

const senderOf = ({ credentials }: ApiRequest): string | undefined =>
  credentials.kind === 'certificate'
    ? processNamed(credentials.commonName)
    : credentials.kind === 'serviceaccount'
      ? processNamed(`system:serviceaccount:${credentials.namespace}:${credentials.name}`)
      : undefined

/** Whether a request changed something, for counting a process's writes. Events are told to people, not built on. */
export const isWrite = (note: RequestNote): boolean =>
  !reading.has(note.verb) && note.code >= 200 && note.code < 300 && !note.resource.startsWith('events')

/** Tells of a fault, so that what comes of it has a cause. */
const note = ({ kernel, timeline }: Cluster, actor: Actor, action: string, process: string): void => {
  const data = Object.freeze({ fault: action.replace(/^(?:inject|heal) /, ''), targets: [process], from: [] })
  kernel.cause = timeline.append('fault', actor, action, faultSubject(process), data)
}

/** Its nth write is through; it dies before it hears of it. */
export const crashAtWrites = (cluster: Cluster, crashes: readonly Of<'crash'>[]): void => {
  const { kernel, timeline } = cluster
  const written = new Map<string, number>()
  // One of the cluster's actors: while somebody is dead, and will be back, nothing has settled.
  const actor = kernel.actor('restarts')
  timeline.subscribe((entry) => {
    if (timeline.kind(entry) !== 'request') return
    const request = timeline.data(entry) as RequestNote
    const name = processOf(request)
    if (name === undefined || !isWrite(request)) return
    const count = (written.get(name) ?? 0) + 1
    written.set(name, count)
    for (const crash of crashes) {
      if (crash.process !== name || crash.write !== count) continue
      const part = cluster.process(name)
      // A controller does not die alone: its process does, and lists everything again. Alone it would come back to the caches of before.
      const process = part?.within === undefined ? part : cluster.process(part.within)
      if (process === undefined || !process.up) continue
      process.stop('crash')
      kernel.after(crash.for, actor, () => {
        if (!process.up) process.start()
      })
    }
  })
}

/** For a while it hears nothing, or nothing any more of that while. */
export const disturbWatches = (cluster: Cluster, disturbed: readonly Of<'stale-cache' | 'drop-watch'>[]): void => {
  const { kernel } = cluster
  // One of the cluster's actors: while somebody hears nothing, and will again, nothing has settled.
  const actor = kernel.actor('watches')
  for (const one of disturbed)
    kernel.at(Math.max(one.at, kernel.now), actor, () => {
      note(cluster, actor, `inject ${one.kind}`, one.process)
      const trouble = { kind: one.kind === 'drop-watch' ? ('drop' as const) : ('hold' as const) }
      const heal = cluster.dials.interference.disturbWatches([one.process], trouble)
      kernel.after(one.for, actor, () => {
        note(cluster, actor, `heal ${one.kind}`, one.process)
        heal()
      })
    })
}

/** Its nth write is refused by a server that cannot serve just now; what it sends after that is served. */
export const refuseWrites = (cluster: Cluster, refused: readonly Of<'refuse'>[]): void => {
  const { kernel } = cluster
  const actor = kernel.actor('refusals')
  const sent = new Map<string, number>()
  const servers = cluster.processes().filter((name) => name.startsWith('apiserver/'))
  cluster.dials.interference.disturbRequests(servers, {
    delay: () => 0,
    refuse(request) {
      if (reading.has(request.verb) || request.resource.plural === 'events') return undefined
      const name = senderOf(request)
      if (name === undefined) return undefined
      const count = (sent.get(name) ?? 0) + 1
      sent.set(name, count)
      if (!refused.some((one) => one.process === name && one.write === count)) return undefined
      note(cluster, actor, `refuse ${request.verb} ${request.resource.plural}`, name)
      return refusalOf(503)
    },
  })
}
