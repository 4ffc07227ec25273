import type { KubeObject } from '../../api/object.ts'
import { parseFieldSelector } from '../../api/selectors/field-selector.ts'
import { parseLabelSelector } from '../../api/selectors/parse-label-selector.ts'
import type { WatchTruth } from '../record/watch-truth.ts'
import type { Change } from './invariant.ts'

/** A commit as a watch with some selector must tell it. */
export interface Telling {
  readonly revision: number
  readonly subject: string
  readonly kind: 'ADDED' | 'MODIFIED' | 'DELETED'
}

/** What all watches that ask for the same must tell, in order. */
export interface WatchView {
  readonly tellings: readonly Telling[]
}

export interface WatchViews {
  commit(change: Change): void
  /** undefined: its selectors are of a kind that is not judged. */
  of(watch: WatchTruth): WatchView | undefined
}

type Matches = (object: KubeObject) => boolean

interface Growing {
  readonly matches: Matches
  readonly tellings: Telling[]
}

interface Shelf {
  readonly commits: Change[]
  readonly views: Map<string, Growing | undefined>
  /** Views by the node that they ask for: a commit is offered to those it can concern, not to every kubelet's. */
  readonly byNode: Map<string, Growing[]>
  readonly others: Growing[]
}

const valueAt = (object: KubeObject, path: string): string => {
  let value: unknown = object
  for (const field of path.split('.')) value = (value as Readonly<Record<string, unknown>> | undefined)?.[field]
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)
}

const nodeField = 'spec.nodeName'

interface Wanted {
  readonly matches: Matches
  readonly node: string | undefined
}

/** convertToWatchEvent's filter: namespace, name and both selectors. */
const wantedBy = (watch: WatchTruth): Wanted | undefined => {
  const fields = parseFieldSelector(watch.fieldSelector)
  const labels = parseLabelSelector(watch.labelSelector)
  if ('error' in fields || 'error' in labels) return undefined
  const node = fields.requirements.find((one) => one.field === nodeField && one.operator === '=')
  return {
    node: node?.value,
    matches: (object) =>
      (watch.namespace === undefined || watch.namespace === '' || object.metadata.namespace === watch.namespace) &&
      (watch.name === undefined || object.metadata.name === watch.name) &&
      fields.matches((field) => valueAt(object, field)) &&
      labels.matches(object.metadata.labels),
  }
}

const tellingOf = ({ object, before, revision, subject }: Change, matches: Matches): Telling | undefined => {
  const now = object !== undefined && matches(object)
  const then = before !== undefined && matches(before)
  if (!now && !then) return undefined
  return { revision, subject, kind: now ? (then ? 'MODIFIED' : 'ADDED') : 'DELETED' }
}

const offer = (view: Growing, change: Change): void => {
  const telling = tellingOf(change, view.matches)
  if (telling !== undefined) view.tellings.push(telling)
}

/** Keeps every commit from now on, and for each selector that a watch has what its watchers are to be told of them. */
export const createWatchViews = (): WatchViews => {
  const shelves = new Map<string, Shelf>()
  const shelfOf = (resource: string): Shelf => {
    let shelf = shelves.get(resource)
    if (shelf === undefined) {
      shelf = { commits: [], views: new Map(), byNode: new Map(), others: [] }
      shelves.set(resource, shelf)
    }
    return shelf
  }
  return {
    commit(change) {
      const { commits, byNode, others } = shelfOf(change.resource)
      commits.push(change)
      for (const view of others) offer(view, change)
      if (byNode.size === 0) return
      const now = change.object === undefined ? '' : valueAt(change.object, nodeField)
      const then = change.before === undefined ? '' : valueAt(change.before, nodeField)
      for (const view of byNode.get(now) ?? []) offer(view, change)
      if (then !== now) for (const view of byNode.get(then) ?? []) offer(view, change)
    },
    of(watch) {
      const { resource, namespace, name, fieldSelector, labelSelector } = watch
      const shelf = shelfOf(resource)
      const key = [namespace, name, fieldSelector, labelSelector].join('\u0000')
      if (shelf.views.has(key)) return shelf.views.get(key)
      const wanted = wantedBy(watch)
      let view: Growing | undefined
      if (wanted !== undefined) {
        view = { matches: wanted.matches, tellings: [] }
        for (const change of shelf.commits) offer(view, change)
        if (wanted.node === undefined) shelf.others.push(view)
        else {
          const same = shelf.byNode.get(wanted.node)
          if (same === undefined) shelf.byNode.set(wanted.node, [view])
          else same.push(view)
        }
      }
      shelf.views.set(key, view)
      return view
    },
  }
}
