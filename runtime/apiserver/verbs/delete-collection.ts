import type { ApiResponse } from '../../../api/protocol/response.ts'
import { convert } from '../convert.ts'
import { deleteOptionsOf, deleteWarning, validateDeleteOptions } from '../delete-options.ts'
import { validateListOptions } from '../list-options.ts'
import { selectionOf } from '../selection.ts'
import type { Step } from '../server-context.ts'
import { isRefusal, type Refusal } from '../status.ts'
import type { Call } from './call.ts'
import { deleteObject } from './delete.ts'
import { selectRows } from './list.ts'

/** registry/generic Store.DeleteCollection: lists, then deletes one by one; what vanished meanwhile is passed over. */
export function* deleteCollection(call: Call): Step<ApiResponse | Refusal> {
  const { context, stored, resource, options, namespace, request } = call
  const badOptions = validateListOptions(options, false)
  if (badOptions !== undefined) return badOptions
  const selection = selectionOf(resource, options)
  if (isRefusal(selection)) return selection
  const deleteOptions = deleteOptionsOf(request.body)
  if (isRefusal(deleteOptions)) return deleteOptions
  const invalidOptions = validateDeleteOptions(deleteOptions)
  if (invalidOptions !== undefined) return invalidOptions
  const warning = deleteWarning(call.stored, deleteOptions)
  if (warning !== undefined) call.warn(warning)
  call.progress = 'storage'
  const prefix = resource.namespaced && namespace !== undefined ? `${namespace}/` : ''
  const { items } = selectRows(context.etcd.table(stored), prefix, selection)
  const revision = context.etcd.revision
  for (const item of items) {
    const one: Call = resource.namespaced ? { ...call, namespace: item.metadata.namespace } : call
    const deletion = yield* deleteObject(one, item.metadata.name, deleteOptions)
    if (isRefusal(deletion) && deletion.response.code !== 404) return deletion
  }
  return {
    code: 200,
    body: {
      kind: `${resource.kind}List`,
      apiVersion: resource.apiVersion,
      metadata: { resourceVersion: String(revision) },
      items: items.map((item) => convert(stored, resource, item)),
    },
  }
}
