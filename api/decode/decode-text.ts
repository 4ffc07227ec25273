import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml'
import type { Resource } from '../protocol/resource.ts'
import { badRequest, decode, type DecodeOptions, type DecodeResult } from './decode.ts'
import { jsonTypeName } from './decode-scalar.ts'
import { readJsonText } from './json-text.ts'
import { yamlProblem } from './yaml-problem.ts'
import { isTooDeepYaml, maxDepth } from './too-deep.ts'

const maxShown = 30

const hex = (text: string): string => {
  let out = ''
  for (const letter of text) {
    const encoded = encodeURIComponent(letter)
    out += encoded.startsWith('%')
      ? encoded.replaceAll('%', '').toLowerCase()
      : letter.charCodeAt(0).toString(16).padStart(2, '0')
  }
  return out
}

/** summarizeData: how much of a body an error shows. */
const summary = (text: string): string => {
  if (text === '') return '<empty>'
  const head = text.slice(0, maxShown)
  const more = text.length > maxShown ? ' ...' : ''
  return `${text.startsWith('{') ? head : hex(head)}${more}`
}

const unrecognized = (resource: Resource, text: string, why: string): DecodeResult =>
  badRequest(`the object provided is unrecognized (must be of type ${resource.kind}): ${why} (${summary(text)})`)

const typeMeta =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'

/** What keeps a parsed body's kind from being found. */
const kindProblem = (value: unknown): string | undefined => {
  if (value !== null && (typeof value !== 'object' || Array.isArray(value))) {
    return `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonTypeName(value)} into Go value of type ${typeMeta}`
  }
  const apiVersion = (value as { readonly apiVersion?: unknown } | null)?.apiVersion
  return typeof apiVersion === 'string' && apiVersion.split('/').length > 2
    ? `unexpected GroupVersion string: ${apiVersion}`
    : undefined
}

/** Unstructured objects must say what they are (unstructured.UnstructuredJSONScheme). */
const kindMissing = (resource: Resource, value: unknown, text: string): string | undefined => {
  const kind = (value as { readonly kind?: unknown } | null)?.kind
  return resource.type !== undefined || (typeof kind === 'string' && kind !== '')
    ? undefined
    : `Object 'Kind' is missing in '${text}'`
}

const repeatedKeys = (node: Node | null | undefined, lines: LineCounter, into: string[]): void => {
  if (isMap(node)) {
    const seen = new Set<string>()
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : ''
      const at = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0
      if (seen.has(key)) into.push(`line ${lines.linePos(at).line}: key ${JSON.stringify(key)} already set in map`)
      seen.add(key)
      repeatedKeys(pair.value as Node | null, lines, into)
    }
  } else if (isSeq(node)) for (const item of node.items) repeatedKeys(item as Node | null, lines, into)
}

/** yaml.YAMLToJSON gives maps with sorted keys. */
const sorted = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  const source = value as Record<string, unknown>
  return Object.fromEntries(
    Object.keys(source)
      .sort()
      .map((key) => [key, sorted(source[key])]),
  )
}

const decodeYaml = (resource: Resource, text: string, options: DecodeOptions): DecodeResult => {
  if (isTooDeepYaml(text)) return unrecognized(resource, text, `yaml: exceeded max depth of ${maxDepth}`)
  const lines = new LineCounter()
  const document = parseDocument(text, {
    version: '1.1',
    uniqueKeys: false,
    merge: true,
    lineCounter: lines,
    prettyErrors: false,
  })
  const [error] = document.errors
  if (error !== undefined) {
    const { code, message, pos } = error
    return unrecognized(resource, text, yamlProblem(text, { code, message, at: pos[0] }))
  }
  const value = sorted(document.toJS())
  const problem = kindProblem(value)
  if (problem !== undefined) return unrecognized(resource, text, problem)
  const repeated: string[] = []
  repeatedKeys(document.contents, lines, repeated)
  const complaints = repeated.length === 0 ? [] : [`yaml: unmarshal errors:\n  ${repeated.join('\n  ')}`]
  return decode(resource, value, { ...options, textComplaints: complaints })
}

/** A body as it came over the wire, JSON or YAML, into an object: malformed text and repeated keys are told as upstream tells them. */
export const decodeText = (
  resource: Resource,
  text: string,
  contentType: string,
  options: DecodeOptions = {},
): DecodeResult => {
  if (/yaml/.test(contentType)) return decodeYaml(resource, text, options)
  const parsed = readJsonText(text)
  if (!parsed.ok) return unrecognized(resource, text, `couldn't get version/kind; json parse error: ${parsed.message}`)
  const problem = kindProblem(parsed.value) ?? kindMissing(resource, parsed.value, text)
  if (problem !== undefined) return unrecognized(resource, text, problem)
  return decode(resource, parsed.value, { ...options, duplicates: parsed.duplicates })
}
