import { adapt } from '../../../../api/cel/adapt.ts'
import { namespaceType, requestType } from '../../../../api/cel/admission-scope.ts'
import {
  authorizerValue,
  requestResourceValue,
  type CelAuthorizer,
  type CelQuestion,
} from '../../../../api/cel/functions/authorization.ts'
import { dictOf, type Dict, type Value } from '../../../../api/cel/values.ts'
import type { KubeObject } from '../../../../api/object.ts'
import type { Resource } from '../../../../api/protocol/resource.ts'
import { serviceAccountGroups, serviceAccountName, type UserInfo } from '../../user-info.ts'
import type { Authorizer } from '../../authorize/authorizer.ts'
import type { ServerContext } from '../../server-context.ts'
import type { Attributes } from '../plugin.ts'
import { shownObject } from './admission-object.ts'

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
