import type { Reporter } from '../diagnostics/report.ts'
import type { Span } from '../source/span.ts'
import { descend } from '../syntax/descend.ts'
import type * as ast from '../syntax/ast.ts'
import type { Check } from './check.ts'

/** K112: a setting, a pool, a user or the target of a behavior that stands twice where the first is lost. */
export const twice: Check = {
  name: 'twice',
  codes: ['K112'],
  always: true,
  file({ module }, reporter) {
    const { file, source } = module
    if (file === undefined) return
    const declared = file.items.flatMap((one) => (one.type === 'declaration' ? [one.item] : []))
    siblings(declared, source.text, reporter)
    const snapshots = new Map<string, Span>()
    for (const item of declared)
      descend(item, (node) => {
        if (node.type === 'snapshot') snapshot(node as unknown as ast.Snapshot, snapshots, reporter)
        else if (node.type === 'body') siblings((node as unknown as ast.Body).items, source.text, reporter)
        else if (node.type === 'cluster' || node.type === 'behavior')
          block(node as unknown as ast.Cluster | ast.Behavior, reporter)
      })
  },
}

/** Settings that add to what stands before. */
const adding: ReadonlySet<string> = new Set([
  'namespace', 'images', 'feature', 'label', 'taint', 'resource', 'reserved', 'never',
  'crash', 'exit', 'oom', 'log', 'unready', 'live', 'on', 'deny', 'patch', 'missing', 'forbid', 'score', 'spare', 'error', 'plugin',
]) // prettier-ignore
/** Settings that go by the name behind them. */
const named: ReadonlySet<string> = new Set([
  'pool',
  'node',
  'webhook',
  'extender',
  'storageclass',
  'registry',
  'controller',
  'login',
  'image',
  'layer',
])

interface Repeated {
  readonly what: string
  readonly span: Span
  readonly before: Span
}

const report = ({ what, span, before }: Repeated, severity: 'error' | 'warning', reporter: Reporter): void => {
  reporter.report('K112', span, `${what} stands twice`, {
    severity,
    labels: [{ span: before, text: severity === 'error' ? 'first here' : 'the later one wins over this' }],
  })
}

/** All snapshots of a file lie in one folder, by their names. */
const snapshot = ({ name }: ast.Snapshot, seen: Map<string, Span>, reporter: Reporter): void => {
  const before = seen.get(name.raw)
  if (before === undefined) seen.set(name.raw, name.span)
  else
    reporter.report('K112', name.span, `two snapshots of this file are called ${name.raw}`, {
      labels: [{ span: before, text: 'first here' }],
      help: 'a name is a file, and each has one content',
    })
}

const siblings = (
  items: readonly (ast.Statement | ast.Bad | ast.Declaration['item'])[],
  text: string,
  reporter: Reporter,
): void => {
  const users = new Map<string, Span>()
  const targets = new Map<string, Span>()
  for (const item of items) {
    if (item.type === 'user') {
      const before = users.get(item.name.name)
      if (before !== undefined)
        report({ what: `\`user ${item.name.name}\``, span: item.name.span, before }, 'error', reporter)
      users.set(item.name.name, item.name.span)
    }
    if (item.type === 'behavior') {
      const target = text.slice(item.span.start, item.props.span.start).trim().replace(/\s+/g, ' ')
      const span = {
        ...item.span,
        end: item.span.start + text.slice(item.span.start, item.props.span.start).trimEnd().length,
      }
      const before = targets.get(target)
      if (before !== undefined) report({ what: `\`${target}\``, span, before }, 'warning', reporter)
      targets.set(target, span)
    }
  }
}

const block = (item: ast.Cluster | ast.Behavior, reporter: Reporter): void => {
  const look = (props: ast.Props | null): void => {
    const seen = new Map<string, Span>()
    for (const prop of props?.items ?? []) {
      const name = prop.name.name
      const first = prop.args[0]
      const key = named.has(name)
        ? `${name} ${first?.type === 'bare' ? first.text : first?.type === 'string' ? first.raw : ''}`
        : name
      const before = seen.get(key)
      if (before !== undefined && !adding.has(name))
        report({ what: `\`${key}\``, span: prop.name.span, before }, 'error', reporter)
      seen.set(key, prop.name.span)
      if (item.type === 'cluster') look(prop.props)
    }
  }
  look(item.props)
}
