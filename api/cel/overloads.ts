import * as t from './types.ts'
import type { CelType } from './types.ts'
import type { Value } from './values.ts'

/** One signature of a function, with what it does. Errors among its arguments never reach it. */
export interface Overload {
  readonly name: string
  /** The first argument stands before the dot. */
  readonly member: boolean
  readonly args: readonly CelType[]
  readonly result: CelType
  readonly run: (args: readonly Value[]) => Value
  /** Needed where an estimate tells overloads of a name apart. */
  readonly id?: string | undefined
}

const named: Readonly<Record<string, CelType>> = {
  dyn: t.dynType,
  bool: t.boolType,
  int: t.intType,
  uint: t.uintType,
  double: t.doubleType,
  string: t.stringType,
  bytes: t.bytesType,
  null: t.nullType,
  timestamp: t.timestampType,
  duration: t.durationType,
}

const libraryTypes: Readonly<Record<string, string>> = {
  Quantity: 'kubernetes.Quantity',
  URL: 'kubernetes.URL',
  IP: 'net.IP',
  CIDR: 'net.CIDR',
  Semver: 'kubernetes.Semver',
  Format: 'kubernetes.NamedFormat',
  Authorizer: 'kubernetes.authorization.Authorizer',
  PathCheck: 'kubernetes.authorization.PathCheck',
  GroupCheck: 'kubernetes.authorization.GroupCheck',
  ResourceCheck: 'kubernetes.authorization.ResourceCheck',
  Decision: 'kubernetes.authorization.Decision',
}

/** `list<T>`, `map<K, V>`, `optional<T>`, `type<T>`; single capitals are parameters. */
export const parseType = (text: string): CelType => {
  const open = text.indexOf('<')
  if (open === -1) {
    if (/^[A-Z]$/.test(text)) return t.paramType(text)
    const library = libraryTypes[text]
    return library === undefined ? named[text]! : t.opaqueType(library)
  }
  const parts = splitTop(text.slice(open + 1, -1)).map(parseType)
  switch (text.slice(0, open)) {
    case 'list':
      return t.listType(parts[0]!)
    case 'map':
      return t.mapType(parts[0]!, parts[1]!)
    case 'type':
      return t.typeType(parts[0]!)
    default:
      return t.optionalType(parts[0]!)
  }
}

const splitTop = (text: string): string[] => {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '<') depth += 1
    else if (text[index] === '>' && text[index - 1] !== '-') depth -= 1
    else if (text[index] === ',' && depth === 0) {
      parts.push(text.slice(from, index))
      from = index + 1
    }
  }
  parts.push(text.slice(from))
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

/** `define('.contains', 'string, string -> bool', run)`: a leading dot makes a member function. */
export const define = (name: string, signature: string, run: Overload['run'], id?: string): Overload => {
  const arrow = signature.indexOf('->')
  const member = name.startsWith('.')
  return {
    name: member ? name.slice(1) : name,
    member,
    args: splitTop(signature.slice(0, arrow)).map(parseType),
    result: parseType(signature.slice(arrow + 2).trim()),
    run,
    id,
  }
}
