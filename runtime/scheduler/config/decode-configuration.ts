import { argsShapes, configurationShape } from './configuration-shape.ts'
import type { Shape } from './go-shape.ts'

type Json = Readonly<Record<string, unknown>>
/** What decoding found: a first mistake of type, and the fields that nobody knows. */
export interface Found {
  mistake: string | undefined
  readonly unknown: string[]
}

export const group = 'kubescheduler.config.k8s.io'
export const version: string = `${group}/v1`

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const jsonType = (value: unknown): string => {
  if (Array.isArray(value)) return 'array'
  if (isObject(value)) return 'object'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

const fits = (value: unknown, shape: Shape): boolean => {
  switch (shape.kind) {
    case 'scalar':
      if (shape.json !== 'number') return jsonType(value) === shape.json
      return typeof value === 'number' && (shape.go === 'float32' || Number.isInteger(value))
    case 'list':
      return Array.isArray(value)
    case 'raw':
      return true
    default:
      return isObject(value)
  }
}

interface Place {
  /** Names from the root down, without indices: Go's. */
  readonly fields: readonly string[]
  /** The innermost struct. */
  readonly struct: string
  /** With indices. */
  readonly path: string
}

const walk = (value: unknown, shape: Shape, place: Place, found: Found): void => {
  if (value === null || value === undefined) return
  if (!fits(value, shape)) {
    const given =
      typeof value === 'number' && shape.kind === 'scalar' && shape.json === 'number'
        ? `number ${value}`
        : jsonType(value)
    const type = 'go' in shape ? (shape.kind === 'struct' ? `v1.${shape.go}` : shape.go) : ''
    const fields =
      'embedded' in shape ? [...place.fields.slice(0, -1), shape.embedded, ...place.fields.slice(-1)] : place.fields
    const where = place.fields.length === 0 ? 'Go value' : `Go struct field ${place.struct}.${fields.join('.')}`
    found.mistake ??= `json: cannot unmarshal ${given} into ${where} of type ${type}`
  } else if (shape.kind === 'scalar') {
    const complaint = shape.reads?.(value as string)
    if (complaint !== undefined) found.mistake ??= complaint
  } else if (shape.kind === 'list') {
    ;(value as readonly unknown[]).forEach((item, index) =>
      walk(item, shape.of, { ...place, path: `${place.path}[${index}]` }, found),
    )
  } else if (shape.kind === 'map') {
    for (const item of Object.values(value as Json)) walk(item, shape.of, place, found)
  } else if (shape.kind === 'struct') {
    const fields = shape.fields()
    for (const [name, item] of Object.entries(value as Json)) {
      const path = place.path === '' ? name : `${place.path}.${name}`
      const known = Object.hasOwn(fields, name) ? fields[name] : undefined
      if (known === undefined) found.unknown.push(path)
      else walk(item, known, { fields: [...place.fields, name], struct: shape.go, path }, found)
    }
  }
}

/** What is wrong about a value's types and names, told from its root. */
export const readShape = (value: unknown, shape: Shape): Found => {
  const found: Found = { mistake: undefined, unknown: [] }
  walk(value, shape, { fields: [], struct: '', path: '' }, found)
  return found
}

const strict = (errors: readonly string[]): string => `strict decoding error: ${errors.join(', ')}`
const unknownFields = (names: readonly string[]): readonly string[] =>
  names.map((name) => `unknown field ${JSON.stringify(name)}`)
const scheme = 'in scheme "pkg/runtime/scheme.go:111"'

interface RawPluginConfig {
  readonly name?: string
  readonly args?: unknown
}

/** PluginConfig.decodeNestedObjects: what is wrong, and whether only strictness says so. */
const argsProblem = ({
  name = '',
  args,
}: RawPluginConfig): { readonly text: string; readonly strict: boolean } | undefined => {
  const shape = argsShapes[name]
  if (shape === undefined || args === undefined || args === null) return undefined
  if (isObject(args)) {
    const { kind = `${name}Args`, apiVersion = version } = args
    if (
      apiVersion !== version ||
      (kind !== `${name}Args` && argsShapes[String(kind).replace(/Args$/, '')] === undefined)
    )
      return {
        text: `decoding args for plugin ${name}: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} ${scheme}`,
        strict: false,
      }
    if (kind !== `${name}Args`)
      return {
        text: `args for plugin ${name} were not of type ${name}Args.${group}, got ${String(kind)}.${group}`,
        strict: false,
      }
  }
  const { mistake, unknown } = readShape(args, shape)
  if (mistake !== undefined) return { text: `decoding args for plugin ${name}: ${mistake}`, strict: false }
  if (unknown.length === 0) return undefined
  return { text: strict([`decoding args for plugin ${name}: ${strict(unknownFields(unknown))}`]), strict: true }
}

/**
 * Why a document is no KubeSchedulerConfiguration, in the words of kube-scheduler; undefined if it is one (loadConfig,
 * cmd/kube-scheduler/app/options/configfile.go, with the strict codec).
 */
export const decodingError = (document: unknown): string | undefined => {
  if (!isObject(document)) {
    const into =
      'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
    return `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonType(document)} into Go value of type ${into}`
  }
  const { kind = '', apiVersion = '' } = document
  const shown = JSON.stringify(document)
  if (kind === '') return `Object 'Kind' is missing in '${shown}'`
  if (apiVersion === '') return `Object 'apiVersion' is missing in '${shown}'`
  if (apiVersion !== version || kind !== 'KubeSchedulerConfiguration') {
    const args = apiVersion === version && argsShapes[String(kind).replace(/Args$/, '')] !== undefined
    if (args) return `couldn't decode as KubeSchedulerConfiguration, got ${version}, Kind=${String(kind)}: `
    return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} ${scheme}`
  }
  const { mistake, unknown } = readShape(document, configurationShape)
  if (mistake !== undefined) return mistake
  const nested: string[] = []
  const profiles = (document['profiles'] ?? []) as readonly { readonly pluginConfig?: readonly RawPluginConfig[] }[]
  for (const [i, profile] of profiles.entries()) {
    for (const [j, config] of (profile?.pluginConfig ?? []).entries()) {
      const problem = argsProblem(config)
      if (problem === undefined) continue
      const text = `decoding .profiles[${i}].pluginConfig[${j}]: ${problem.text}`
      if (!problem.strict) return text
      nested.push(text)
    }
  }
  const errors = [...unknownFields(unknown), ...nested]
  return errors.length === 0 ? undefined : strict(errors)
}
