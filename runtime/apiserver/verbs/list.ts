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

/** Which version of the resource a list shows (section LIST semantics: unset, 0, not older than, exact, continued). */
function* sourceOf(call: Call): Step<Source | Refusal> {
  const { context, stored, options } = call
  const version = options.resourceVersion ?? ''
  const continued = options.continue ?? ''
  if (continued !== '') {
    const token = decodeContinue(continued)
    if (token === undefined)
      return badRequest('invalid continue token: continue key is not valid: illegal base64 data at input byte 0')
    if (version !== '' && version !== '0')
      return badRequest('specifying resource version is not allowed when using continue')
    const rows = snapshotAt(context.etcd, stored, token.revision)
    return rows === undefined ? expired(continueTooOld) : { rows, revision: token.revision, start: token.start }
  }
  const cache = context.cache(stored)
  if (version === '') {
    const error = yield* barrier()
    if (error !== undefined) return etcdRefusal(error)
    yield* fresh(cache, context.etcd.revision)
    return { rows: cache.rows(), revision: cache.revision, start: '' }
  }
  if (version === '0') return { rows: cache.rows(), revision: cache.revision, start: '' }
  const wanted = parseVersion(version)
  if (wanted === undefined) return badRequest(`invalid resource version: ${malformedVersion(version)}`)
  if (wanted > context.etcd.revision) return tooLargeVersion(wanted, cache.revision)
  yield* fresh(cache, wanted)
  const exact =
    options.resourceVersionMatch === 'Exact' || (options.resourceVersionMatch === undefined && (options.limit ?? 0) > 0)
  if (!exact) return { rows: cache.rows(), revision: cache.revision, start: '' }
  const rows = snapshotAt(context.etcd, stored, wanted)
  return rows === undefined ? expired(tooOld) : { rows, revision: wanted, start: '' }
}

interface Page {
  readonly items: readonly KubeObject[]
  /** The first key after the page, and how many match from there on; undefined at the end. */
  readonly next: string | undefined
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
    return { items: found ? [value] : [], next: undefined, remaining: 0 }
  }
  let next: string | undefined
  let remaining = 0
  rows.scan(prefix, page?.start ?? '', ({ key, value }) => {
    if (next !== undefined) {
      remaining += 1
      return
    }
    // A full page ends before the next key, whether that one matches or not.
    if (limit > 0 && items.length === limit) {
      next = key
      remaining = 1
      return
    }
    if (matches !== undefined && !matches(value)) return
    items.push(value)
  })
  return { items, next, remaining }
}

export function* list(call: Call): Step<ApiResponse | Refusal> {
  const { context, stored, resource, options, namespace } = call
  const badOptions = validateListOptions(options, false)
  if (badOptions !== undefined) return badOptions
  const selection = selectionOf(resource, options, call.request.name)
  if (isRefusal(selection)) return selection
  call.progress = 'storage'
  const source = yield* sourceOf(call)
  if (isRefusal(source)) return source
  const prefix = resource.namespaced && namespace !== undefined ? `${namespace}/` : ''
  const unlimited = options.resourceVersion === '0' && (options.continue ?? '') === ''
  const limit = unlimited ? 0 : (options.limit ?? 0)
  const page = selectRows(source.rows, prefix, selection, { start: source.start, limit })
  const filtered = selection.matches !== undefined
  const metadata =
    page.next === undefined
      ? { resourceVersion: String(source.revision) }
      : {
          resourceVersion: String(source.revision),
          continue: encodeContinue({ revision: source.revision, start: page.next }),
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
