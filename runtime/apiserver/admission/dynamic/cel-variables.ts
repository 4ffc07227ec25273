import { adapt } from '../../../../api/cel/adapt.ts'
import type { CelScope } from '../../../../api/cel/check.ts'
import {
  authorizerValue,
  requestResourceValue,
  type CelAuthorizer,
  type CelQuestion,
} from '../../../../api/cel/functions/authorization.ts'
import { parseType } from '../../../../api/cel/overloads.ts'
import {
  boolType,
  dynType,
  listType,
  mapType,
  objectType,
  recordType,
  stringType,
  type CelType,
} from '../../../../api/cel/types.ts'
import { dictOf, type Dict, type Value } from '../../../../api/cel/values.ts'
import type { KubeObject } from '../../../../api/object.ts'
import type { Resource } from '../../../../api/protocol/resource.ts'
import { serviceAccountGroups, serviceAccountName, type UserInfo } from '../../user-info.ts'
import type { Authorizer } from '../../authorize/authorizer.ts'
import type { ServerContext } from '../../server-context.ts'
import type { Attributes } from '../plugin.ts'
import { shownObject } from './admission-object.ts'

const groupKind = recordType('kubernetes.GroupVersionKind', {
  group: stringType,
  version: stringType,
  kind: stringType,
})
const groupResource = recordType('kubernetes.GroupVersionResource', {
  group: stringType,
  version: stringType,
  resource: stringType,
})
const userType = recordType('kubernetes.UserInfo', {
  username: stringType,
  uid: stringType,
  groups: listType(stringType),
  extra: mapType(stringType, listType(stringType)),
})
/** BuildRequestType of apiserver/pkg/admission/plugin/cel/compile.go */
const requestType = recordType('kubernetes.AdmissionRequest', {
  kind: groupKind,
  resource: groupResource,
  subResource: stringType,
  requestKind: groupKind,
  requestResource: groupResource,
  requestSubResource: stringType,
  name: stringType,
  namespace: stringType,
  operation: stringType,
  userInfo: userType,
  dryRun: boolType,
  options: dynType,
})
/** BuildNamespaceType: what an expression may know of a namespace. */
const namespaceType = recordType('kubernetes.Namespace', {
  metadata: recordType('kubernetes.NamespaceMetadata', {
    name: stringType,
    generateName: stringType,
    namespace: stringType,
    labels: mapType(stringType, stringType),
    annotations: mapType(stringType, stringType),
    UID: stringType,
    creationTimestamp: { ...dynType },
    deletionGracePeriodSeconds: dynType,
    deletionTimestamp: dynType,
    generation: dynType,
    resourceVersion: stringType,
    finalizers: listType(stringType),
  }),
  spec: recordType('kubernetes.NamespaceSpec', { finalizers: listType(stringType) }),
  status: recordType('kubernetes.NamespaceStatus', { phase: stringType }),
})

export interface ScopeOptions {
  readonly params: boolean
  readonly namespaceObject: boolean
  readonly authorizer: boolean
  readonly variables: CelType | undefined
  readonly struct?: (name: string) => CelType | undefined
}

/** The names that an expression of an admission object may use. */
export const admissionScope = (options: ScopeOptions): CelScope => ({
  variable(name) {
    switch (name) {
      case 'object':
      case 'oldObject':
        return dynType
      case 'request':
        return requestType
      case 'params':
        return options.params ? dynType : undefined
      case 'namespaceObject':
        return options.namespaceObject ? namespaceType : undefined
      case 'authorizer':
        return options.authorizer ? parseType('Authorizer') : undefined
      case 'authorizer.requestResource':
        return options.authorizer ? parseType('ResourceCheck') : undefined
      case 'variables':
        return options.variables
      default:
        return undefined
    }
  },
  ...(options.struct === undefined ? {} : { struct: options.struct }),
})

/** `variables.x`: an object type that grows with each variable. */
export const variablesType = (types: ReadonlyMap<string, CelType>): CelType =>
  objectType(
    'kubernetes.variables',
    new Map([...types].map(([name, type]) => [name, { type, property: name, required: false }])),
  )

const names = (resource: Resource): object => ({
  group: resource.group,
  version: resource.version,
  kind: resource.kind,
})
const paths = (resource: Resource): object => ({
  group: resource.group,
  version: resource.version,
  resource: resource.plural,
})

const userShown = ({ name, uid, groups, extra }: UserInfo): object => ({
  username: name,
  ...(uid === undefined || uid === '' ? {} : { uid }),
  ...(groups.length === 0 ? {} : { groups }),
  ...(Object.keys(extra).length === 0 ? {} : { extra }),
})

/** Everything of an AdmissionRequest but its uid and its objects. */
export const requestShown = (attributes: Attributes, version: Resource): Readonly<Record<string, unknown>> => {
  const asked = attributes.requested ?? attributes.resource
  const { subresource, name, namespace } = attributes
  return {
    kind: names(attributes.kind ?? version),
    resource: paths(version),
    ...(subresource === '' ? {} : { subResource: subresource }),
    requestKind: names(attributes.kind ?? asked),
    requestResource: paths(asked),
    ...(subresource === '' ? {} : { requestSubResource: subresource }),
    ...(name === '' ? {} : { name }),
    ...(attributes.resource.id === 'v1/Namespace'
      ? { namespace: name }
      : namespace === undefined || namespace === ''
        ? {}
        : { namespace }),
    operation: attributes.operation,
    userInfo: userShown(attributes.user),
  }
}

const asUser = (namespace: string, name: string): UserInfo => ({
  name: serviceAccountName(namespace, name),
  uid: undefined,
  groups: [...serviceAccountGroups(namespace), 'system:authenticated'],
  extra: {},
})

const celAuthorizer =
  (authorize: Authorizer, user: UserInfo): CelAuthorizer =>
  (question) => {
    const { serviceAccount, path, verb } = question
    const decision = authorize({
      user: serviceAccount === undefined ? user : asUser(serviceAccount.namespace, serviceAccount.name),
      verb,
      group: question.group ?? '',
      resource: question.resource ?? '',
      subresource: question.subresource ?? '',
      namespace: question.namespace,
      name: question.name ?? '',
      path,
      ...(question.fieldSelector === undefined ? {} : { fieldSelector: question.fieldSelector }),
    })
    return { allowed: decision.decision === 'allow', reason: decision.reason }
  }

export interface Circumstance {
  readonly context: ServerContext
  readonly authorize: Authorizer
  readonly attributes: Attributes
  readonly object: KubeObject | undefined
  /** In which version the request is shown. */
  readonly version: Resource
}

/** The values of those names for one request, each made when an expression first reads it. */
export const admissionValues = ({
  context,
  authorize,
  attributes,
  object,
  version,
}: Circumstance): ((name: string) => Value | undefined) => {
  const made = new Map<string, Value>()
  const make = (name: string): Value | undefined => {
    switch (name) {
      case 'object':
        return adapt(shownObject(attributes, object, version))
      case 'oldObject':
        return adapt(shownObject(attributes, attributes.old, version))
      case 'request':
        return adapt(
          { ...requestShown(attributes, version), dryRun: attributes.dryRun, options: attributes.options ?? null },
          requestType,
        )
      case 'namespaceObject': {
        const { resource, namespace } = attributes
        if (!resource.namespaced || namespace === undefined) return null
        return adapt(context.lookup('v1/Namespace', undefined, namespace) ?? null, namespaceType)
      }
      case 'authorizer':
        return authorizerValue(celAuthorizer(authorize, attributes.user))
      case 'authorizer.requestResource':
        return requestResourceValue(celAuthorizer(authorize, attributes.user), ownResource(attributes))
      default:
        return undefined
    }
  }
  return (name) => {
    let value = made.get(name)
    if (value === undefined) {
      value = make(name)
      if (value !== undefined) made.set(name, value)
    }
    return value
  }
}

const ownResource = (attributes: Attributes): Partial<CelQuestion> => {
  const asked = attributes.requested ?? attributes.resource
  return {
    group: asked.group,
    resource: asked.plural,
    subresource: attributes.subresource,
    ...(attributes.namespace === undefined ? {} : { namespace: attributes.namespace }),
    name: attributes.name,
  }
}

/** `variables`: each is evaluated when it is first read. */
export const lazyVariables = (known: ReadonlyMap<string, () => Value>): Dict => {
  const made = new Map<string, Value>()
  return {
    ...dictOf([]),
    get(key) {
      if (typeof key !== 'string') return undefined
      let value = made.get(key)
      if (value === undefined) {
        const make = known.get(key)
        if (make === undefined) return undefined
        value = make()
        made.set(key, value)
      }
      return value
    },
    typeName: 'kubernetes.variables',
  }
}
