import { structuralEqual } from '../json/structural-equal.ts'
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionCondition,
  CustomResourceDefinitionNames,
} from '../types/apiextensions-v1.generated.ts'
import { conditionOf } from './compile-definition.ts'

type Condition = Omit<CustomResourceDefinitionCondition, 'lastTransitionTime'>

/** SetCRDCondition: the time moves with the status alone. */
export const withCondition = (
  definition: CustomResourceDefinition,
  condition: Condition,
  now: string,
): CustomResourceDefinition => {
  const { status } = definition
  const conditions = status?.conditions ?? []
  const old = conditions.find((one) => one.type === condition.type)
  const time = old !== undefined && old.status === condition.status ? (old.lastTransitionTime ?? now) : now
  const { type, status: word, reason, message } = condition
  const next: CustomResourceDefinitionCondition = {
    type,
    status: word,
    lastTransitionTime: time,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  }
  if (old !== undefined && structuralEqual(old, next)) return definition
  const all = old === undefined ? [...conditions, next] : conditions.map((one) => (one === old ? next : one))
  return { ...definition, status: { ...status, conditions: all } }
}

interface Claims {
  readonly resources: ReadonlySet<string>
  readonly kinds: ReadonlySet<string>
}

/** Names that the definitions of a group have been given, this one included. */
const claimed = (group: string, all: readonly CustomResourceDefinition[]): Claims => {
  const resources = new Set<string>()
  const kinds = new Set<string>()
  for (const one of all) {
    if (one.spec.group !== group) continue
    const names = one.status?.acceptedNames
    for (const name of [names?.plural, names?.singular, ...(names?.shortNames ?? [])]) if (name) resources.add(name)
    for (const name of [names?.kind, names?.listKind]) if (name) kinds.add(name)
  }
  return { resources, kinds }
}

const taken = (wanted: string, accepted: string, used: ReadonlySet<string>): string | undefined =>
  wanted === accepted || !used.has(wanted) ? undefined : `${JSON.stringify(wanted)} is already in use`

/** The naming controller (controller/status/naming_controller.go): which of the wanted names are free. */
export const acceptNames = (
  definition: CustomResourceDefinition,
  all: readonly CustomResourceDefinition[],
  now: string,
): CustomResourceDefinition => {
  const wanted = definition.spec.names
  const accepted = definition.status?.acceptedNames
  if (accepted !== undefined && structuralEqual(wanted, accepted)) return definition
  const { resources, kinds } = claimed(definition.spec.group, all)
  let conflict: { readonly reason: string; readonly message: string } | undefined
  const pick = (
    key: 'plural' | 'singular' | 'kind' | 'listKind',
    used: ReadonlySet<string>,
    reason: string,
  ): string => {
    const message = taken(wanted[key] ?? '', accepted?.[key] ?? '', used)
    if (message === undefined) return wanted[key] ?? ''
    conflict = { reason, message }
    return accepted?.[key] ?? ''
  }
  const plural = pick('plural', resources, 'PluralConflict')
  const singular = pick('singular', resources, 'SingularConflict')
  const own = new Set(accepted?.shortNames ?? [])
  const clashes = (wanted.shortNames ?? []).filter((name) => !own.has(name) && resources.has(name))
  if (clashes.length > 0) {
    const texts = clashes.map((name) => `${JSON.stringify(name)} is already in use`)
    const message = texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`
    conflict = { reason: 'ShortNamesConflict', message }
  }
  const shortNames = clashes.length > 0 ? accepted?.shortNames : wanted.shortNames
  const kind = pick('kind', kinds, 'KindConflict')
  const listKind = pick('listKind', kinds, 'ListKindConflict')
  const names: CustomResourceDefinitionNames = {
    plural,
    ...(singular === '' ? {} : { singular }),
    ...(shortNames === undefined ? {} : { shortNames }),
    kind,
    ...(listKind === '' ? {} : { listKind }),
    ...(wanted.categories === undefined ? {} : { categories: wanted.categories }),
  }
  const status = { ...definition.status, acceptedNames: names } as CustomResourceDefinition['status']
  const named = withCondition(
    { ...definition, status },
    conflict === undefined
      ? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
      : { type: 'NamesAccepted', status: 'False', ...conflict },
    now,
  )
  if (conditionOf(definition, 'Established')?.status === 'True') return named
  return withCondition(
    named,
    conflict === undefined
      ? {
          type: 'Established',
          status: 'False',
          reason: 'Installing',
          message: 'the initial names have been accepted',
        }
      : (conditionOf(definition, 'Established') ?? {
          type: 'Established',
          status: 'False',
          reason: 'NotAccepted',
          message: 'not all names are accepted',
        }),
    now,
  )
}

/** The establishing controller: served from now on. */
export const establish = (definition: CustomResourceDefinition, now: string): CustomResourceDefinition => {
  const accepted = conditionOf(definition, 'NamesAccepted')?.status === 'True'
  if (!accepted || conditionOf(definition, 'Established')?.status === 'True') return definition
  return withCondition(
    definition,
    {
      type: 'Established',
      status: 'True',
      reason: 'InitialNamesAccepted',
      message: 'the initial names have been accepted',
    },
    now,
  )
}
