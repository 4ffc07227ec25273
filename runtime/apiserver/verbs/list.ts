import type { KubeObject } from '../../../api/object.ts'
import type { ApiResponse, ListBody } from '../../../api/protocol/response.ts'
import type { Row } from '../../etcd/etcd.ts'
import type { OrderedTable } from '../../etcd/ordered-table.ts'
import { decodeContinue, encodeContinue } from '../continue-token.ts'
import { convert } from '../convert.ts'
import { etcdRefusal } from '../etcd-refusal.ts'
import { validateListOptions } from '../list-options.ts'
import { selectionOf, type Selection } from '../selection.ts'
import { barrier, fresh, type Step } from '../server-context.ts'
import { snapshotAt } from '../snapshot-at.ts'
import { listKindOf } from '../list-kind.ts'
import { badRequest, expired, isRefusal, type Refusal } from '../status.ts'
import type { Call } from './call.ts'
import { malformedVersion, parseVersion, tooLargeVersion, withHeartbeat } from './get.ts'

interface Source {
  readonly rows: OrderedTable<Row>
  readonly revision: number
  readonly start: string
}

const tooOld = 'The resourceVersion for the provided list is too old.'
const continueTooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.'

/** handleCompactedErrorForPaging: the rest can be had, if not of one moment. */
const continueGone = (start: string): Refusal => {
  const refused = expired(continueTooOld)
  const body = refused.response.body as { readonly metadata: object }
  const metadata = { ...body.metadata, continue: encodeContinue(-1, start.replace(/\0$/, '')) }
  return { ...refused, response: { ...refused.response, body: { ...body, metadata } } }
}

const prefixOf = ({ resource, namespace }: Call): string =>
  resource.namespaced && namespace !== undefined ? `${namespace}/` : ''

/** Which version of the resource a list shows (section LIST semantics: unset, 0, not older than, exact, continued). */
function* sourceOf(call: Call): Step<Source | Refusal> {
  const { context, stored, options } = call
  const version = options.resourceVersion ?? ''
  const continued = options.continue ?? ''
  if (continued !== '') {
    const token = decodeContinue(continued)
    if ('error' in token) return badRequest(`invalid continue token: ${token.error}`)
    if (version !== '' && version !== '0')
      return badRequest('specifying resource version is not allowed when using continue')
    const start = prefixOf(call) + token.start
    if (token.revision < 0) {
      // Whose snapshot is gone may go on with what is there now.
      const error = yield* barrier()
      if (error !== undefined) return etcdRefusal(error)
      const newest = context.cache(stored)
      yield* fresh(newest, context.etcd.revision)
      return { rows: newest.rows(), revision: newest.revision(), start }
    }
    const rows = snapshotAt(context.etcd, stored, token.revision)
    return rows === undefined ? continueGone(token.start) : { rows, revision: token.revision, start }
  }
  const cache = context.cache(stored)
  if (version === '') {
    const error = yield* barrier()
    if (error !== undefined) return etcdRefusal(error)
    yield* fresh(cache, context.etcd.revision)
    return { rows: cache.rows(), revision: cache.revision(), start: '' }
  }
  if (version === '0') return { rows: cache.rows(), revision: cache.revision(), start: '' }
  const wanted = parseVersion(version)
  if (wanted === undefined) return badRequest(`invalid resource version: ${malformedVersion(version)}`)
  if (wanted > context.etcd.revision) return tooLargeVersion(wanted, cache.revision())
  yield* fresh(cache, wanted)
  const exact =
    options.resourceVersionMatch === 'Exact' || (options.resourceVersionMatch === undefined && (options.limit ?? 0) > 0)
  if (!exact) return { rows: cache.rows(), revision: cache.revision(), start: '' }
  const rows = snapshotAt(context.etcd, stored, wanted)
  return rows === undefined ? expired(tooOld) : { rows, revision: wanted, start: '' }
}

interface Page {
  readonly items: readonly KubeObject[]
  /** The last key of a page that is not the last, and how many keys come after it. */
  readonly last: string | undefined
  readonly remaining: number
}

export const selectRows = (
  rows: OrderedTable<Row>,
  prefix: string,
  selection: Selection,
  page?: { readonly start: string; readonly limit: number },
): Page => {
  const items: KubeObject[] = []
  const limit = page?.limit ?? 0
  const { matches, name } = selection
  if (name !== undefined && (prefix !== '' || selection.clusterWide)) {
    // One key, found and not searched for: a thousand kubelets each watch a node of their own.
    const value = rows.get(prefix + name)?.value
    const found =
      value !== undefined && prefix + name >= (page?.start ?? '') && (matches === undefined || matches(value))
    return { items: found ? [value] : [], last: undefined, remaining: 0 }
  }
  let last = ''
  let remaining = 0
  rows.scan(prefix, page?.start ?? '', ({ key, value }) => {
    // A full page ends before the next key, whether that one matches or not.
    if (limit > 0 && items.length === limit) {
      remaining += 1
      return
    }
    if (matches !== undefined && !matches(value)) return
    last = key
    items.push(value)
  })
  return { items, last: remaining > 0 ? last : undefined, remaining }
}

export function* list(call: Call): Step<ApiResponse | Refusal> {
  const { context, stored, resource, options } = call
  const badOptions = validateListOptions(options, false)
  if (badOptions !== undefined) return badOptions
  const selection = selectionOf(resource, options, call.request.name)
  if (isRefusal(selection)) return selection
  call.progress = 'storage'
  const source = yield* sourceOf(call)
  if (isRefusal(source)) return source
  const prefix = prefixOf(call)
  const unlimited = options.resourceVersion === '0' && (options.continue ?? '') === ''
  const limit = unlimited ? 0 : (options.limit ?? 0)
  const page = selectRows(source.rows, prefix, selection, { start: source.start, limit })
  const filtered = selection.matches !== undefined
  const metadata =
    page.last === undefined
      ? { resourceVersion: String(source.revision) }
      : {
          resourceVersion: String(source.revision),
          continue: encodeContinue(source.revision, page.last.slice(prefix.length)),
          // With a selector the server does not know how many are left.
          ...(filtered ? {} : { remainingItemCount: page.remaining }),
        }
  const body: ListBody = {
    kind: listKindOf(resource),
    apiVersion: resource.apiVersion,
    metadata,
    items: page.items.map((item) => convert(stored, resource, withHeartbeat(context, item))),
  }
  return { code: 200, body }
}
