import { reportOutside } from '../checks/outside-project.ts'
import { checkFields, checkKind } from '../checks/yaml-fields.ts'
import type { Reporter } from '../diagnostics/report.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { Json } from '../../api/object.ts'
import type { Document } from '../plan/document.ts'
import type { Span } from '../source/span.ts'
import type * as ast from '../syntax/ast.ts'
import { overlayDocuments, type OverlayDocument } from '../yaml/overlay.ts'
import type { YamlSource } from '../yaml/document-source.ts'
import { entryOf, type YamlNode } from '../yaml/node.ts'
import { templateOf } from '../yaml/template.ts'
import { customKindOf } from './custom-kinds.ts'
import type { Env } from './env.ts'

/** A fence's YAML, its mistakes reported. */
export const fenceSource = (fence: ast.Fence, env: Env): YamlSource => {
  const words = fence.info.split(/\s+/)
  if (words[0] !== 'yaml' || words.slice(1).some((one) => one !== 'raw'))
    env.reporter.report(
      'K124',
      fence.open,
      fence.info === '' ? 'a block needs an info word' : `unknown block \`${fence.info}\``,
      { help: 'write ```yaml, or ```yaml raw without interpolation' },
    )
  const source = env.documents.fence(fence, env.module.source)
  reportProblems(source, fence.open, env)
  return source
}

const reportProblems = (source: YamlSource, at: Span, env: Env): void => {
  for (const problem of source.problems) {
    const place = source.place(problem.start, problem.end, at)
    const span = problem.opening ?? place.span
    const fix = problem.code === 'K110' && source.file === undefined ? { span, text: '  ' } : undefined
    env.reporter.report(problem.code, span, place.prefix + problem.message, { help: problem.help, fix })
  }
}

/** The documents of an `apply`, `create` or `replace`, with its overlay merged in. */
export const lowerDocuments = (step: ast.Step, env: Env): readonly Document[] => {
  const overlay = step.clauses.find((one) => one.kind === 'overlay')
  const sources: { readonly source: YamlSource; readonly at: Span }[] = []
  for (const arg of step.args) {
    if (arg.type !== 'string') continue
    for (const source of manifests(arg, env)) sources.push({ source, at: arg.span })
  }
  if (step.fence !== null && overlay === undefined)
    sources.push({ source: fenceSource(step.fence, env), at: step.fence.open })
  const whole: { readonly document: Document; readonly resource: Resource | undefined }[] = []
  for (const { source, at } of sources) {
    for (const root of source.documents) {
      for (const one of expandList(root)) {
        const where = { source, at, env }
        const resource = checkKind(one, where)
        const schema = resource === undefined ? undefined : env.kinds.schemaOf(resource)
        if (schema !== undefined) checkFields(one, schema, where)
        const value = templateOf(one, source, env)
        const custom = resource?.kind === 'CustomResourceDefinition' ? customKindOf(value) : []
        for (const kind of custom) env.kinds.add(kind)
        whole.push({
          document: { value, span: source.place(one.start, one.end, at).span, file: source.file },
          resource,
        })
      }
    }
  }
  if (overlay === undefined || step.fence === null) return whole.map((one) => one.document)
  const source = fenceSource(step.fence, env)
  const at = step.fence.open
  const patches: OverlayDocument[] = source.documents.map((root) => ({
    value: templateOf(root, source, env),
    span: source.place(root.start, root.end, at).span,
  }))
  return overlayDocuments(whole, patches, env, (index, resource) => {
    const schema = env.kinds.schemaOf(resource)
    let right = true
    const reporter: Reporter = {
      ...env.reporter,
      report(...one) {
        right = false
        env.reporter.report(...one)
      },
    }
    if (schema !== undefined)
      checkFields(source.documents[index]!, schema, { source, at, env: { ...env, reporter } }, true)
    return right
  })
}

/** `kind: List` stands for its items. */
const expandList = (root: YamlNode): readonly YamlNode[] => {
  const kind = entryOf(root, 'kind')
  const items = entryOf(root, 'items')
  return kind?.kind === 'scalar' && kind.value === 'List' && items?.kind === 'list' ? items.items : [root]
}

/** The documents of files as plain JSON, for what no server sees: a scheduler's configuration, a webhook's patch. */
export const jsonDocuments = (path: ast.StringLiteral, env: Env): readonly Json[] =>
  manifests(path, env).flatMap((source) => source.documents.map((root) => templateOf(root, source, env) as Json))

/** The files that a string names: itself, or what a glob finds, sorted by path. */
const manifests = (path: ast.StringLiteral, env: Env): readonly YamlSource[] => {
  const written = path.raw.slice(1, -1)
  const from = env.module.source.path
  const paths = /[*?{[]/.test(written) ? env.host.glob(written, from) : [written]
  if (paths.length === 0)
    env.reporter.report('K125', path.span, `no file matches ${path.raw}`, {
      help: 'paths are relative to the .kscn file',
    })
  return paths.flatMap((one): YamlSource[] => {
    const file = env.host.read(one, from)
    if ('error' in file) {
      if (file.outside === true) reportOutside(one, path.span, env.reporter)
      else
        env.reporter.report('K125', path.span, `${one} cannot be read: ${file.error}`, {
          help: 'paths are relative to the .kscn file',
        })
      return []
    }
    const source = env.documents.file(file)
    reportProblems(source, path.span, env)
    if (source.problems.length === 0 && source.documents.length === 0)
      env.reporter.report('K125', path.span, `${one} holds no document`)
    return [source]
  })
}

/** A fence with one document that is a patch or a pattern: fields are checked against the kind it is for. */
export const lowerPatch = (fence: ast.Fence, resource: Resource | undefined, env: Env, matching = false): Document => {
  const source = fenceSource(fence, env)
  const root = source.documents[0]
  if (source.documents.length > 1) env.reporter.report('K124', fence.open, 'one document is wanted in this block')
  if (root === undefined) {
    if (source.problems.length === 0) env.reporter.report('K124', fence.open, 'this block is empty')
    return { value: {}, span: fence.span, file: undefined }
  }
  const schema = resource === undefined ? undefined : env.kinds.schemaOf(resource)
  if (schema !== undefined && root.kind === 'map') checkFields(root, schema, { source, at: fence.open, env }, !matching)
  return {
    value: templateOf(root, source, env, matching),
    span: source.place(root.start, root.end, fence.open).span,
    file: undefined,
  }
}
