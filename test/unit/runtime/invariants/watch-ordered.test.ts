import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLibrary, type Library } from '../../../../runtime/invariants/library.ts'
import { watchOrdered } from '../../../../runtime/invariants/watch-ordered.ts'
import type { WatchHeard, WatchTruth } from '../../../../runtime/record/watch-truth.ts'
import { createFakeCluster, type FakeCluster } from '../runner/fake-cluster.ts'
import { hears, pod } from './violations.ts'

const clusterOf = (): FakeCluster => createFakeCluster({ seed: '1', epoch: 0 }, () => undefined)
const libraryOf = (cluster: FakeCluster): Library =>
  createLibrary({
    invariants: [watchOrdered],
    timeline: cluster.timeline,
    state: cluster.state,
    scheme: () => cluster.scheme(),
    settled: () => true,
  })
const opened: WatchHeard = { kind: 'opened' }
type Kind = 'ADDED' | 'MODIFIED' | 'DELETED'
const event = (kind: Kind, revision: number, name = 'p'): WatchHeard => ({
  kind,
  subject: `pods/default/${name}`,
  revision,
})
const bookmark = (revision: number): WatchHeard => ({ kind: 'BOOKMARK', revision })

/** Revisions 2 to 5: p made, p changed, q made on node a, p gone. */
const history = (cluster: FakeCluster): void => {
  cluster.put('pods', pod('p'))
  cluster.put('pods', pod('p', { status: { phase: 'Running' } }))
  cluster.put('pods', pod('q', { spec: { nodeName: 'a' }, meta: { labels: { app: 'q' } } }))
  cluster.remove('pods', 'default', 'p')
}
const told = (heard: readonly WatchHeard[], more: Partial<WatchTruth> = {}): readonly string[] => {
  const cluster = clusterOf()
  const library = libraryOf(cluster)
  library.holds('watch-ordered')
  hears(cluster, opened, more)
  history(cluster)
  for (const one of heard) hears(cluster, one, { ...more, initial: false })
  return library.violations('watch-ordered').map((one) => one.message)
}

describe('watch-ordered', () => {
  const wrong: readonly (readonly [string, readonly WatchHeard[], string, Partial<WatchTruth>?])[] = [
    [
      'out of order',
      [event('ADDED', 2), event('MODIFIED', 3), event('ADDED', 2)],
      'told of revision 2 after revision 3',
    ],
    ['twice', [event('ADDED', 2), event('ADDED', 2)], 'told of revision 2 twice'],
    ['a gap', [event('ADDED', 2), event('ADDED', 4, 'q')], 'never of revision 3, which modified pods/default/p'],
    ['the first left out', [event('MODIFIED', 3)], 'never of revision 2'],
    ['as if it were new', [event('ADDED', 2), event('ADDED', 3)], 'told as ADDED, and to this watch'],
    ['of another object', [event('ADDED', 2, 'x')], 'pods/default/x at revision 2, which is no commit'],
    ['of what was never committed', [event('ADDED', 2), event('MODIFIED', 9)], 'never of revision 3'],
    ['a bookmark over a gap', [event('ADDED', 2), bookmark(4)], 'never of revision 3'],
    ['a bookmark that goes back', [event('ADDED', 2), event('MODIFIED', 3), bookmark(2)], 'a bookmark of revision 2'],
    [
      'what the selector leaves out',
      [event('ADDED', 2)],
      'which is no commit that it asked for',
      { fieldSelector: 'spec.nodeName=a' },
    ],
    [
      'without what the selector asks for',
      [bookmark(5)],
      'never of revision 4, which added pods/default/q',
      { fieldSelector: 'spec.nodeName=a' },
    ],
    ['by label', [bookmark(5)], 'never of revision 4', { labelSelector: 'app=q' }],
    ['by namespace', [event('ADDED', 2)], 'no commit that it asked for', { namespace: 'other' }],
  ]
  it.each(wrong.map(([told, heard, message, more = {}]) => [told, heard, message, more] as const))(
    'is broken by what is told %s',
    (_, heard, message, more) => {
      expect(told(heard, more).join()).toContain(message)
    },
  )

  const right: readonly (readonly [string, readonly WatchHeard[], Partial<WatchTruth>?])[] = [
    ['everything', [event('ADDED', 2), event('MODIFIED', 3), event('ADDED', 4, 'q'), event('DELETED', 5), bookmark(5)]],
    ['not yet everything', [event('ADDED', 2)]],
    ['of one node', [event('ADDED', 4, 'q'), bookmark(5)], { fieldSelector: 'spec.nodeName=a' }],
    ['of another namespace', [bookmark(5)], { namespace: 'other' }],
    ['of one name', [event('ADDED', 4, 'q'), bookmark(5)], { name: 'q' }],
    ['going on behind revision 3', [event('ADDED', 4, 'q'), event('DELETED', 5)], { after: 3 }],
    ['without a revision: the state first', [event('ADDED', 4, 'q'), event('DELETED', 5)], { after: undefined }],
    ['a selector that cannot be read', [event('ADDED', 9)], { fieldSelector: 'spec' }],
  ]
  it.each(right.map(([told, heard, more = {}]) => [told, heard, more] as const))(
    'is not broken by what is told: %s',
    (_, heard, more) => {
      expect(told(heard, more)).toEqual([])
    },
  )

  it('lets the state come first in any order, until the bookmark closes it', () => {
    const cluster = clusterOf()
    const library = libraryOf(cluster)
    library.holds('watch-ordered')
    hears(cluster, opened, { initial: true, after: undefined })
    history(cluster)
    for (const one of [event('ADDED', 4, 'q'), event('ADDED', 3)]) hears(cluster, one, { initial: true })
    hears(cluster, bookmark(4))
    hears(cluster, event('DELETED', 5))
    expect(library.violations('watch-ordered')).toEqual([])
    hears(cluster, event('DELETED', 5))
    expect(library.violations('watch-ordered')).toHaveLength(1)
  })

  it('judges a watch that was open before from then on', () => {
    const cluster = clusterOf()
    hears(cluster, opened)
    cluster.put('pods', pod('p'))
    hears(cluster, event('ADDED', 2))
    const library = libraryOf(cluster)
    expect(library.holds('watch-ordered')).toBe(true)
    cluster.put('pods', pod('p', { status: { phase: 'Running' } }))
    cluster.put('pods', pod('p', { status: { phase: 'Failed' } }))
    hears(cluster, event('MODIFIED', 4))
    expect(library.violations('watch-ordered')[0]?.message).toContain('never of revision 3')
  })

  it('forgets a watch that has ended', () => {
    const cluster = clusterOf()
    const library = libraryOf(cluster)
    library.holds('watch-ordered')
    hears(cluster, opened)
    history(cluster)
    hears(cluster, { kind: 'ended' })
    hears(cluster, opened, { after: 4 })
    hears(cluster, event('DELETED', 5))
    expect(library.violations('watch-ordered')).toEqual([])
  })

  const edits = fc.array(fc.tuple(fc.nat(2), fc.constantFrom('', 'a', 'b'), fc.boolean()), {
    minLength: 2,
    maxLength: 12,
  })
  /** What a watch with the selector is to hear, by looking at every commit afresh. */
  const expected = (cluster: FakeCluster, node: string | undefined): WatchHeard[] => {
    const heard: WatchHeard[] = []
    for (let entry = 0; entry < cluster.timeline.length; entry += 1) {
      if (cluster.timeline.kind(entry) !== 'revision') continue
      const { revision, object, before } = cluster.timeline.data(entry) as {
        readonly revision: number
        readonly object?: { readonly spec: { readonly nodeName?: string } }
        readonly before?: { readonly spec: { readonly nodeName?: string } }
      }
      const now = object !== undefined && (node === undefined || (object.spec.nodeName ?? '') === node)
      const then = before !== undefined && (node === undefined || (before.spec.nodeName ?? '') === node)
      if (!now && !then) continue
      const kind: Kind = now ? (then ? 'MODIFIED' : 'ADDED') : 'DELETED'
      heard.push({ kind, subject: cluster.timeline.subject(entry), revision })
    }
    return heard
  }

  it('agrees with a naive look at all commits: what is told rightly holds, and any one mistake breaks it', () => {
    fc.assert(
      fc.property(
        edits,
        fc.constantFrom(undefined, 'a'),
        fc.constantFrom('none', 'drop', 'twice', 'swap', 'retype'),
        fc.nat(),
        (acts, node, mistake, at) => {
          const cluster = clusterOf()
          const library = libraryOf(cluster)
          library.holds('watch-ordered')
          const more = { fieldSelector: node === undefined ? '' : `spec.nodeName=${node}` }
          hears(cluster, opened, more)
          for (const [index, nodeName, gone] of acts) {
            const name = `p-${index}`
            if (!gone) cluster.put('pods', pod(name, { spec: { nodeName } }))
            else if (cluster.state.get('pods', 'default', name) !== undefined) cluster.remove('pods', 'default', name)
          }
          const heard = expected(cluster, node)
          const index = heard.length === 0 ? 0 : at % heard.length
          const one = heard[index]
          const made = one !== undefined && (mistake !== 'swap' || index + 1 < heard.length) && mistake !== 'none'
          if (made) {
            if (mistake === 'drop') heard.splice(index, 1)
            else if (mistake === 'twice') heard.splice(index, 0, one)
            else if (mistake === 'swap') heard.splice(index, 2, heard[index + 1]!, one)
            else if ('subject' in one) heard[index] = { ...one, kind: one.kind === 'ADDED' ? 'DELETED' : 'ADDED' }
          }
          for (const next of heard) hears(cluster, next, more)
          hears(cluster, bookmark(cluster.state.revision), more)
          expect(library.holds('watch-ordered')).toBe(!made)
        },
      ),
      { numRuns: 200 },
    )
  })
})
