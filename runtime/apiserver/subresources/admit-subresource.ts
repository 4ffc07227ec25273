import type { KubeObject } from '../../../api/object.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import type { Attributes } from '../admission/plugin.ts'
import type { Step } from '../server-context.ts'
import { isRefusal, type Refusal } from '../status.ts'
import { managerOf, shownOptions, type Call } from '../verbs/call.ts'

/**
 * Admission of a create whose body is of the subresource's own kind (Binding, Eviction, TokenRequest). The body as the plugins
 * have made it. In upstream the mutating ones run in the handler and the validating ones where the storage says.
 */
export function* admitSubresource(
  call: Call,
  name: string,
  kind: Resource,
  body: KubeObject,
): Step<KubeObject | Refusal> {
  const subresource = call.subresource === '' ? 'binding' : call.subresource
  const time = call.context.clock.timestamp()
  const attributes: Attributes = {
    operation: 'CREATE',
    resource: call.stored,
    subresource,
    namespace: call.namespace,
    name,
    user: call.user,
    old: undefined,
    dryRun: call.options.dryRun === true,
    warn: call.warn,
    kind,
    options: shownOptions(call, 'CreateOptions'),
    managers: (object) =>
      call.context.ledger.derive(object, {
        before: undefined,
        written: body,
        manager: managerOf(call),
        operation: 'Update',
        apiVersion: kind.apiVersion,
        subresource,
        time,
      }) ?? [],
  }
  call.progress = 'admission'
  // EnsureObjectNamespaceMatchesRequestNamespace
  const placed =
    call.namespace === undefined ? body : { ...body, metadata: { ...body.metadata, namespace: call.namespace } }
  const admitted = yield* call.admission.mutate(call.context, attributes, placed)
  if (isRefusal(admitted)) return admitted
  const refused = yield* call.admission.validate(call.context, attributes, admitted)
  if (refused !== undefined) return refused
  call.progress = 'storage'
  return admitted
}
