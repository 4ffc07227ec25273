import type { KubeObject } from '../../api/object.ts'
import type { RequestOptions } from '../../api/protocol/request.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import { parseFieldSelector } from '../../api/selectors/field-selector.ts'
import { parseLabelSelector } from '../../api/selectors/parse-label-selector.ts'
import { fieldLabel, indexedLabelOf } from './field-labels.ts'
import { badRequest, type Refusal } from './status.ts'

/** What a list or watch asks for, parsed once. */
export interface Selection {
  /** undefined: everything */
  readonly matches: ((object: KubeObject) => boolean) | undefined
  /** Required value of metadata.name. */
  readonly name: string | undefined
  /** The name alone is the key: the resource knows no namespaces. */
  readonly clusterWide: boolean
  /** Required value of metadata.namespace. */
  readonly namespace: string | undefined
  /** Required value of the resource's indexed field. */
  readonly indexed: string | undefined
}

const everything: Selection = Object.freeze({
  matches: undefined,
  name: undefined,
  clusterWide: false,
  namespace: undefined,
  indexed: undefined,
})

/** Kinds without field labels of their own share apimachinery's default conversion (runtime.DefaultMetaV1FieldSelectorConversion). */
const unknownLabel = (resource: Resource, label: string): string => {
  if (resource.type === undefined) return `field label not supported: ${label}`
  const own = resource.fieldSelectors.some((one) => !one.startsWith('metadata.'))
  if (!own) return `${JSON.stringify(label)} is not a known field selector: only "metadata.name", "metadata.namespace"`
  return resource.plural === 'jobs'
    ? `field label ${JSON.stringify(label)} not supported for Job`
    : `field label not supported: ${label}`
}

const emptyLabels: Readonly<Record<string, string>> = Object.freeze({})

export const selectionOf = (resource: Resource, options: RequestOptions, requestName?: string): Selection | Refusal => {
  const labelText = options.labelSelector ?? ''
  const fieldText = options.fieldSelector ?? ''
  if (labelText === '' && fieldText === '' && requestName === undefined) return everything
  const labels = parseLabelSelector(labelText)
  if ('error' in labels) return badRequest(labels.error)
  const fields = parseFieldSelector(fieldText)
  if ('error' in fields) return badRequest(fields.error)
  const reads = new Map<string, (object: KubeObject) => string>()
  let name: string | undefined = requestName
  let namespace: string | undefined
  let indexed: string | undefined
  const filed = indexedLabelOf(resource)
  for (const { field, operator, value } of fields.requirements) {
    const read = fieldLabel(resource, field)
    if (read === undefined) return badRequest(unknownLabel(resource, field))
    reads.set(field, read)
    if (operator !== '=') continue
    if (field === 'metadata.name') name ??= value
    else if (field === 'metadata.namespace') namespace = value
    else if (field === filed) indexed = value
  }
  const byLabels = labels.empty
    ? undefined
    : (object: KubeObject): boolean => labels.matches(object.metadata.labels ?? emptyLabels)
  const onlyName = requestName
  const byFields = fields.empty
    ? undefined
    : (object: KubeObject): boolean => fields.matches((field) => reads.get(field)!(object))
  const byName = onlyName === undefined ? undefined : (object: KubeObject): boolean => object.metadata.name === onlyName
  const tests = [byName, byFields, byLabels].filter((one) => one !== undefined)
  const matches =
    tests.length === 0
      ? undefined
      : tests.length === 1
        ? tests[0]!
        : (object: KubeObject): boolean => tests.every((test) => test(object))
  return { matches, name, clusterWide: !resource.namespaced, namespace, indexed }
}
