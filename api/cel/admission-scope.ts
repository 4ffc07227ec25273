import type { CelScope } from './check.ts'
import { parseType } from './overloads.ts'
import { boolType, dynType, listType, mapType, objectType, recordType, stringType, type CelType } from './types.ts'

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
export const requestType: CelType = recordType('kubernetes.AdmissionRequest', {
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
export const namespaceType: CelType = recordType('kubernetes.Namespace', {
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
