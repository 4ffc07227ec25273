import { didYouMean, nearest } from '../diagnostics/did-you-mean.ts'
import type { Env } from '../lower/env.ts'
import { fieldNamed, fieldsOf, type Field } from '../names/field-types.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { Span } from '../source/span.ts'
import { hasPlaceholder } from '../yaml/block-text.ts'
import type { YamlSource } from '../yaml/document-source.ts'
import { entryOf, textOf, type YamlNode } from '../yaml/node.ts'

interface Where {
  readonly source: YamlSource
  /** The file's name in the scenario. */
  readonly at: Span
  readonly env: Env
}

/** K113: the kind of a whole document. undefined: it has none that is known (reported). */
export const checkKind = (root: YamlNode, where: Where): Resource | undefined => {
  const { env, source, at } = where
  const report = (node: YamlNode, message: string, help: string | undefined): void => {
    const place = source.place(node.start, node.end, at)
    env.reporter.report('K113', place.span, place.prefix + message, { help })
  }
  const kindNode = entryOf(root, 'kind')
  const versionNode = entryOf(root, 'apiVersion')
  const kind = textOf(kindNode)
  const apiVersion = textOf(versionNode)
  if (kindNode === undefined || versionNode === undefined) {
    const place = source.place(root.start, root.start + 1, at)
    const missing =
      kindNode === undefined ? (versionNode === undefined ? '`apiVersion` and `kind`' : '`kind`') : '`apiVersion`'
    env.reporter.report('K113', place.span, `${place.prefix}a document without ${missing}`)
    return undefined
  }
  if (kind === undefined || apiVersion === undefined) {
    report(kind === undefined ? kindNode : versionNode, 'text is wanted here', undefined)
    return undefined
  }
  if (hasPlaceholder(kind) || hasPlaceholder(apiVersion)) return undefined
  const resource = env.kinds.byKind(apiVersion, kind)
  if (resource !== undefined) return resource
  const versions = env.kinds.apiVersionsOf(kind)
  if (versions.length > 0)
    report(
      versionNode,
      `there is no \`${kind}\` in \`${apiVersion}\``,
      `write \`apiVersion: ${versions[0] ?? ''}\`${versions.length > 1 ? ` (or ${versions.slice(1).join(', ')})` : ''}`,
    )
  else
    report(
      kindNode,
      `unknown kind \`${kind}\``,
      didYouMean(kind, env.kinds.kindNames()) ??
        'custom kinds come from a CustomResourceDefinition that stands before them',
    )
  return undefined
}

/** K114: fields that the kind does not have. A patch may hold `$patch` and its relatives. */
export const checkFields = (node: YamlNode, schema: Field, where: Where, patch = false): void => {
  if (node.kind === 'list') {
    const items = schema.items
    if (items !== undefined) for (const one of node.items) checkFields(one, items, where, patch)
    return
  }
  if (node.kind !== 'map') return
  for (const entry of node.entries) {
    if (hasPlaceholder(entry.key) || (patch && entry.key.startsWith('$'))) continue
    const field = fieldNamed(schema, entry.key)
    if (field === 'any') continue
    if (field !== undefined) {
      checkFields(entry.value, field, where, patch)
      continue
    }
    const names = Object.keys(fieldsOf(schema) ?? {})
    const best = nearest(entry.key, names)
    const place = where.source.place(entry.start, entry.end, where.at)
    where.env.reporter.report('K114', place.span, `${place.prefix}unknown field \`${entry.key}\``, {
      help:
        best === undefined
          ? names.length === 0
            ? 'nothing may stand below this'
            : `fields: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`
          : `did you mean \`${best}\`?`,
      fix: best === undefined || where.source.file !== undefined ? undefined : { span: place.span, text: best },
    })
  }
}
