import { nounOf } from '../../api/noun-of.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Complaint, LastWrite } from '../record/complaint.ts'
import type { Revision } from '../record/revision.ts'
import type { Timeline } from '../record/timeline.ts'

/**
 * Chains of reconciles, each caused by what the one before it wrote. A controller that keeps causing itself is in a hot loop; two that
 * keep causing each other fight. Chains in which no controller under test takes part are Kubernetes' own business.
 */
export interface UserFeudsOptions {
  readonly timeline: Timeline & { subscribe(listener: (entry: number) => void): () => void }
  /** Controllers under test, by the names of their actors. */
  readonly names: ReadonlySet<string>
  readonly complain: (name: string, complaint: Complaint) => void
}

/** Longer than what a controller that makes progress in steps needs. */
const tooLong = 50
const told = 6

interface Link {
  readonly depth: number
  /** The revision that caused it, and the hop that wrote that. */
  readonly revision: number
  readonly before: number
}

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

const valueText = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value))

/** The first field in which two versions differ, as a path and a value each; what the server keeps itself does not count. */
const firstDifference = (
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): { readonly path: string; readonly from: unknown; readonly to: unknown } | undefined => {
  const look = (a: unknown, b: unknown, path: string): ReturnType<typeof firstDifference> => {
    if (JSON.stringify(a) === JSON.stringify(b)) return undefined
    const [left, right] = [fieldsOf(a), fieldsOf(b)]
    const fields = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()
    for (const field of fields) {
      const key = /^[\w-]+$/.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`
      const found = look(left[field], right[field], `${path}${key}`)
      if (found !== undefined) return found
    }
    return { path, from: a, to: b }
  }
  const said = (object: KubeObject | undefined): object => {
    const { labels, annotations, finalizers } = (object?.metadata ?? {}) as Fields
    return { ...object, metadata: { labels, annotations, finalizers } }
  }
  if (before === undefined || after === undefined) return undefined
  return look(said(before), said(after), '')
}

export const watchUserFeuds = ({ timeline, names, complain }: UserFeudsOptions): void => {
  const links = new Map<number, Link>()
  const complained = new Set<string>()
  const isReconcile = (entry: number): boolean =>
    entry >= 0 && timeline.kind(entry) === 'hop' && timeline.action(entry) === 'reconcile'

  /** The last links of a chain, oldest first. */
  const lastOf = (entry: number): readonly { readonly hop: number; readonly link: Link }[] => {
    const chain: { readonly hop: number; readonly link: Link }[] = []
    for (let hop = entry; chain.length < 2 * told;) {
      const link = links.get(hop)
      if (link === undefined) break
      chain.unshift({ hop, link })
      hop = link.before
    }
    return chain
  }

  const writeOf = ({ link }: { readonly link: Link }): LastWrite => {
    const { before, object } = timeline.data(link.revision) as Revision
    const difference = firstDifference(before, object)
    return {
      at: timeline.time(link.revision),
      what: `${timeline.actor(link.before)} wrote ${nounOf(timeline.subject(link.revision))}`,
      answer:
        difference === undefined
          ? object === undefined
            ? 'deleted'
            : before === undefined
              ? 'created'
              : ''
          : `${difference.path} ${valueText(difference.from)} -> ${valueText(difference.to)}`,
    }
  }

  const tell = (entry: number): void => {
    const chain = lastOf(entry)
    const writers = [...new Set(chain.map(({ link }) => timeline.actor(link.before)))].sort()
    const name = writers.find((one) => names.has(one))
    if (name === undefined || writers.length > 2) return
    const about = `${writers.join(' ')} ${timeline.subject(entry)}`
    if (complained.has(about)) return
    complained.add(about)
    const writes = chain.slice(-told).map(writeOf)
    if (writers.length === 1) {
      complain(name, {
        message: `controller/${name}: its reconcile of ${nounOf(timeline.subject(entry))} ran ${tooLong} times in a row because of what it wrote itself: a hot loop`,
        help: ['write only what differs from what is there; the time of the last look is no part of a status'],
        severity: 'fail',
        writes,
      })
      return
    }
    const both = chain.map(({ link }) => timeline.subject(link.revision))
    const fought = [...new Set(both)].find((subject) => {
      const who = new Set(
        chain.flatMap(({ link }) => (timeline.subject(link.revision) === subject ? timeline.actor(link.before) : [])),
      )
      return who.size === 2
    })
    complain(name, {
      message: `${writers.map((one) => (names.has(one) ? `controller/${one}` : one)).join(' and ')} fight over ${nounOf(fought ?? timeline.subject(entry))}: ${tooLong} reconciles in a row, each because of what the other wrote`,
      help: ['one field has one owner: let only one of them write it, or leave it out of what the other one applies'],
      severity: 'fail',
      writes,
    })
  }

  timeline.subscribe((entry) => {
    if (!isReconcile(entry)) return
    const revision = timeline.cause(entry)
    if (revision < 0 || timeline.kind(revision) !== 'revision') return
    const before = timeline.cause(revision)
    if (!isReconcile(before)) return
    const depth = (links.get(before)?.depth ?? 0) + 1
    links.set(entry, { depth, revision, before })
    if (depth >= tooLong && depth % tooLong === 0) tell(entry)
  })
}
