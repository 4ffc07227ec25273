import type { JsonObject } from '../../../api/object.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import type { Document } from '../../../dsl/plan/document.ts'
import { deepFreeze } from '../../../api/json/deep-freeze.ts'
import { renderTemplate } from '../../expect/render-template.ts'
import { presentMoment } from '../time-clauses.ts'
import type { Script } from '../wait.ts'
import { complaint } from './refusal.ts'
import type { Send, StepIo } from './step-io.ts'

type WriteVerb = 'apply' | 'create' | 'replace'

interface Manifest extends JsonObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: JsonObject
}

const withNamespace = (manifest: Manifest, resource: Resource, fallback: string): Manifest => {
  const metadata = manifest.metadata ?? {}
  if (!resource.namespaced || metadata.namespace !== undefined) return manifest
  return { ...manifest, metadata: { ...metadata, namespace: fallback } }
}

const sendOf = (verb: WriteVerb, resource: Resource, manifest: Manifest): Send => {
  const { metadata } = manifest
  const target = {
    resource,
    namespace: resource.namespaced ? (metadata.namespace as string | undefined) : undefined,
    name: (metadata.name ?? '') as string,
  }
  switch (verb) {
    case 'apply':
      return {
        verb: 'patch',
        target,
        body: manifest,
        patchType: 'apply',
        options: { fieldManager: 'kscn', fieldValidation: 'Strict', force: false },
        action: 'apply',
      }
    case 'create':
      return {
        verb: 'create',
        target,
        body: manifest,
        options: { fieldManager: 'kubectl-create', fieldValidation: 'Strict' },
        action: 'create',
      }
    case 'replace':
      return {
        verb: 'update',
        target,
        body: manifest,
        options: { fieldManager: 'kubectl-replace', fieldValidation: 'Strict' },
        action: 'replace',
      }
  }
}

/**
 * apply, create and replace: server-side apply as field manager `kscn`, POST, PUT; document by document, and a refusal does
 * not stop the rest.
 */
export const writeDocuments = function* (verb: WriteVerb, documents: readonly Document[], io: StepIo): Script {
  const { run, scope } = io.context
  for (const document of documents) {
    const manifest = deepFreeze(renderTemplate(document.value, presentMoment(io.context))) as Manifest
    const id = `${manifest.apiVersion}/${manifest.kind}`
    const resource = run.cluster.scheme().byKind(id)
    if (resource === undefined) {
      const text = `no matches for kind "${manifest.kind}" in version "${manifest.apiVersion}"`
      io.refusals.push(complaint(`${text}: ensure CRDs are installed first`, id, 'NotFound'))
      continue
    }
    yield* io.send(sendOf(verb, resource, withNamespace(manifest, resource, scope.namespace)))
  }
}
