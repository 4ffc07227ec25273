import type { Json } from '../../api/object.ts'

/** A YAML value with its place in the text. */
export type YamlNode =
  | { readonly kind: 'map'; readonly entries: readonly YamlEntry[]; readonly start: number; readonly end: number }
  | { readonly kind: 'list'; readonly items: readonly YamlNode[]; readonly start: number; readonly end: number }
  | {
      readonly kind: 'scalar'
      readonly value: Json
      readonly quoted: boolean
      readonly start: number
      readonly end: number
    }

export interface YamlEntry {
  readonly key: string
  readonly start: number
  readonly end: number
  readonly value: YamlNode
}

/** What is wrong with a YAML text. */
export interface YamlProblem {
  readonly code: 'K106' | 'K110' | 'K111'
  readonly start: number
  readonly end: number
  readonly message: string
  readonly help: string | undefined
}

export interface YamlText {
  readonly documents: readonly YamlNode[]
  readonly problems: readonly YamlProblem[]
}

export const entryOf = (node: YamlNode | undefined, key: string): YamlNode | undefined =>
  node?.kind === 'map' ? node.entries.find((one) => one.key === key)?.value : undefined

export const textOf = (node: YamlNode | undefined): string | undefined =>
  node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined
