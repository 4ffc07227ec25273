import type { Resource } from '../../api/protocol/resource.ts'

export const listKindOf = (resource: Resource): string => resource.custom?.listKind ?? `${resource.kind}List`
