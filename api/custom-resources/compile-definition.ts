import { structuralOf, anything } from '../structural-schema/structural-of.ts'
import type { Resource } from '../protocol/resource.ts'
import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from '../types/apiextensions-v1.generated.ts'
import type { CustomResource } from './custom-resource.ts'
import { comparePriority } from './version-priority.ts'

const verbs = Object.freeze(['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'])

/** `.spec.a['b.c']` as steps. */
const stepsOf = (jsonPath: string): readonly string[] =>
  (jsonPath.match(/\['(?:[^'\\]|\\.)*'\]|[^.[\]]+/g) ?? []).map((step) =>
    step.startsWith("['") ? step.slice(2, -2).replaceAll(/\\(.)/g, '$1') : step,
  )

export const conditionOf = (
  definition: CustomResourceDefinition,
  type: string,
): NonNullable<CustomResourceDefinition['status']['conditions']>[number] | undefined =>
  definition.status?.conditions?.find((one) => one.type === type)

const customOf = (definition: CustomResourceDefinition, version: CustomResourceDefinitionVersion): CustomResource => {
  const { spec } = definition
  const schema = version.schema?.openAPIV3Schema
  const storage = spec.versions.find((one) => one.storage) ?? version
  return Object.freeze({
    definition,
    storageVersion: storage.name,
    listKind: definition.status.acceptedNames?.listKind ?? spec.names.listKind ?? `${spec.names.kind}List`,
    schema: schema === undefined ? anything : structuralOf(schema),
    columns: version.additionalPrinterColumns ?? [],
    selectable: new Map(
      (version.selectableFields ?? []).map(({ jsonPath }) => [jsonPath.replace(/^\./, ''), stepsOf(jsonPath)]),
    ),
    status: version.subresources?.status !== undefined && version.subresources.status !== null,
    scale: version.subresources?.scale,
    terminating: conditionOf(definition, 'Terminating')?.status === 'True',
    deprecation: version.deprecated !== true ? undefined : deprecationOf(definition, version),
  })
}

/** What every request to a deprecated version is told: the next one that is served and is not, by name. */
const deprecationOf = ({ spec }: CustomResourceDefinition, version: CustomResourceDefinitionVersion): string => {
  if (version.deprecationWarning !== undefined) return version.deprecationWarning
  const text = `${spec.group}/${version.name} ${spec.names.kind} is deprecated`
  const next = spec.versions
    .filter((one) => one.served && one.deprecated !== true && comparePriority(one.name, version.name) > 0)
    .sort((a, b) => comparePriority(b.name, a.name))[0]
  return next === undefined ? text : `${text}; use ${spec.group}/${next.name} ${spec.names.kind}`
}

const resourceOf = (definition: CustomResourceDefinition, version: CustomResourceDefinitionVersion): Resource => {
  const { spec, status } = definition
  const accepted = status.acceptedNames
  const names = accepted?.plural === undefined || accepted.plural === '' ? spec.names : accepted
  const custom = customOf(definition, version)
  const apiVersion = `${spec.group}/${version.name}`
  return Object.freeze({
    group: spec.group,
    version: version.name,
    kind: names.kind,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: spec.scope === 'Namespaced',
    verbs,
    type: undefined,
    etcdPrefix: `/registry/${spec.group}/${names.plural}`,
    generation: true,
    unconditionalUpdate: false,
    createOnUpdate: false,
    fieldSelectors: [
      'metadata.name',
      ...(spec.scope === 'Namespaced' ? ['metadata.namespace'] : []),
      ...custom.selectable.keys(),
    ],
    subresources: [...(custom.status ? ['status'] : []), ...(custom.scale === undefined ? [] : ['scale'])],
    id: `${apiVersion}/${names.kind}`,
    apiVersion,
    custom,
  })
}

export interface CompiledDefinition {
  /** Served versions, none before the definition is established. */
  readonly served: readonly Resource[]
  /** Every version, served or not. */
  readonly all: readonly Resource[]
  /** The version under which objects are stored, served or not. */
  readonly stored: Resource
}

const compiled = new WeakMap<CustomResourceDefinition, CompiledDefinition>()

/** What a definition serves. Compiled once a revision. */
export const compileDefinition = (definition: CustomResourceDefinition): CompiledDefinition => {
  let known = compiled.get(definition)
  if (known === undefined) {
    const established = conditionOf(definition, 'Established')?.status === 'True'
    const resources = definition.spec.versions.map((version) => resourceOf(definition, version))
    const storage = definition.spec.versions.findIndex((version) => version.storage)
    known = Object.freeze({
      served: established ? resources.filter((_, i) => definition.spec.versions[i]!.served) : [],
      all: resources,
      stored: resources[storage] ?? resources[0]!,
    })
    compiled.set(definition, known)
  }
  return known
}
