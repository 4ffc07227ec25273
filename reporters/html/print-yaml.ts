import type { Json } from '../../api/object.ts'
import { visibleText } from '../visible-text.ts'

const plain = /^[A-Za-z_./][\w ./:@%+,=()-]*$/
const reserved = /^(?:true|false|null|yes|no|on|off|y|n|~|\.inf|\.nan)$/i

const scalar = (value: Json): string => {
  if (typeof value !== 'string') return JSON.stringify(value)
  const quiet = plain.test(value) && !reserved.test(value) && !/: |:$| #| $/.test(value)
  return quiet ? value : visibleText(JSON.stringify(value))
}

const isEmpty = (value: object): boolean => Object.keys(value).length === 0
const first = ['apiVersion', 'kind', 'metadata', 'spec', 'status', 'type', 'name', 'namespace']
const rank = (key: string): number => {
  const index = first.indexOf(key)
  return index < 0 ? first.length : index
}
const byRank = (a: string, b: string): number => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0)

const print = (value: Json, indent: string, lines: string[], head: string): void => {
  if (typeof value !== 'object' || value === null || isEmpty(value)) {
    const text = typeof value === 'object' && value !== null ? (Array.isArray(value) ? '[]' : '{}') : scalar(value)
    lines.push(`${head} ${text}`)
    return
  }
  if (Array.isArray(value)) {
    lines.push(head)
    for (const item of value as readonly Json[]) {
      if (typeof item === 'object' && item !== null && !Array.isArray(item) && !isEmpty(item)) {
        const inner: string[] = []
        fields(item as { readonly [key: string]: Json }, `${indent}  `, inner)
        inner[0] = `${indent}- ${inner[0]!.slice(indent.length + 2)}`
        for (const line of inner) lines.push(line)
      } else print(item, `${indent}  `, lines, `${indent}-`)
    }
    return
  }
  lines.push(head)
  fields(value as { readonly [key: string]: Json }, `${indent}  `, lines)
}

const fields = (value: { readonly [key: string]: Json | undefined }, indent: string, lines: string[]): void => {
  for (const key of Object.keys(value).sort(byRank)) {
    const inner = value[key]
    if (inner === undefined) continue
    // As kubectl prints it, the items of a list stand below the dash's own column.
    print(inner, indent, lines, `${indent}${scalar(key)}:`)
  }
}

/** An object as lines of YAML, the well-known keys first: for reading and comparing. */
export const printYaml = (value: object): readonly string[] => {
  const lines: string[] = []
  fields(value as { readonly [key: string]: Json }, '', lines)
  return lines
}
