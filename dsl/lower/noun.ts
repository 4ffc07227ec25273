import { resourceName } from '../../api/object-key.ts'
import { nearest } from '../diagnostics/did-you-mean.ts'
import { lookUp } from '../names/scope.ts'
import { pseudoKinds } from '../names/pseudo-kinds.ts'
import type { NamePattern, Noun } from '../plan/expression.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { selectorMistake } from './selector-syntax.ts'
import { interpolate, plainText, stringParts, type Parts } from './text.ts'

/** `name`: the binding of a bare word. */
export const bindingNoun = (node: ast.Noun): Noun => ({
  resource: '',
  text: node.text,
  plural: false,
  name: { kind: 'exact', parts: [node.text] },
  selector: undefined,
  namespace: undefined,
  span: node.span,
})

interface Home {
  readonly resource: string
  readonly singular: string
  readonly plural: string
  readonly manyWhenBare: boolean
}

const homeOf = (kind: string, env: Env): Home | undefined => {
  const pseudo = pseudoKinds.get(kind)
  if (pseudo !== undefined)
    return { resource: pseudo.resource, singular: kind, plural: kind, manyWhenBare: pseudo.plural }
  // `pvcs`: a short name in the plural is understood too.
  const resource = env.kinds.byName(kind) ?? (kind.endsWith('s') ? env.kinds.byName(kind.slice(0, -1)) : undefined)
  if (resource === undefined) return undefined
  const group = resource.group !== '' && env.kinds.byName(resource.plural) !== resource ? `.${resource.group}` : ''
  return {
    resource: resourceName(resource),
    singular: `${resource.singular}${group}`,
    plural: `${resource.plural}${group}`,
    manyWhenBare: true,
  }
}

export const reportUnknownKind = (kind: string, span: ast.Noun['span'], env: Env): void => {
  const best = nearest(kind, [...env.kinds.words(), ...pseudoKinds.keys()])
  env.reporter.report('K101', span, `unknown kind \`${kind}\``, {
    help:
      best === undefined
        ? 'kinds are written as in kubectl: pod, deployments, pvc, widgets.example.com'
        : `did you mean \`${best}\`?`,
    fix: best === undefined ? undefined : { span, text: best },
  })
}

/** A noun as the run resolves it. A bare word may be a binding; undefined: it names nothing (reported). */
export const lowerNoun = (node: ast.Noun, env: Env): Noun | undefined => {
  if (node.form === 'bare') {
    if (node.namespace === null && lookUp(env.scope, node.text) !== undefined) return bindingNoun(node)
    const home = homeOf(node.kind, env)
    if (home === undefined) {
      const words = [...env.kinds.words(), ...pseudoKinds.keys()]
      const best = env.scenario.nodes?.has(node.text) === true ? `node/${node.text}` : nearest(node.kind, words)
      env.reporter.report('K101', node.kindSpan, `\`${node.kind}\` is neither a kind nor a name in sight`, {
        help:
          best === undefined
            ? 'nouns are written kind/name, kinds[label=value], or the name of a `let`'
            : `did you mean \`${best}\`?`,
      })
      return undefined
    }
    return {
      ...common(node, home, env),
      plural: home.manyWhenBare,
      name: undefined,
      selector: undefined,
      text: `${home.manyWhenBare ? home.plural : node.kind}${suffix(node)}`,
    }
  }
  const home = homeOf(node.kind, env)
  if (home === undefined) {
    reportUnknownKind(node.kind, node.kindSpan, env)
    return undefined
  }
  if (node.form === 'ref') {
    const written = node.name ?? ''
    const start = node.span.start + node.kind.length + 1
    const parts = written.startsWith('"')
      ? stringParts(written, { file: node.span.file, start }, env)
      : interpolate(written, { file: node.span.file, start }, env)
    const name: NamePattern = { kind: !written.startsWith('"') && hasGlob(parts) ? 'glob' : 'exact', parts }
    return {
      ...common(node, home, env),
      plural: name.kind === 'glob',
      name,
      selector: undefined,
      text: `${home.singular}/${plainText(parts) ?? written}${suffix(node)}`,
    }
  }
  const start = node.span.start + node.kind.length + 1
  const written = node.selector ?? ''
  const selector = interpolate(written, { file: node.span.file, start }, env)
  const text = plainText(selector)
  if (text !== undefined) {
    const mistake = selectorMistake(text)
    if (mistake !== undefined)
      env.reporter.report('K120', { file: node.span.file, start, end: start + written.length }, mistake, {
        help: "the bracket holds kubectl's -l syntax: app=web,tier in (a,b),!canary",
      })
  }
  return {
    ...common(node, home, env),
    plural: true,
    name: undefined,
    selector,
    text: `${home.plural}[${text ?? written}]${suffix(node)}`,
  }
}

const hasGlob = (parts: Parts): boolean => parts.some((one) => typeof one === 'string' && one.includes('*'))
const suffix = (node: ast.Noun): string => (node.namespace === null ? '' : `@${node.namespace}`)

const common = (node: ast.Noun, home: Home, env: Env): Pick<Noun, 'resource' | 'namespace' | 'span'> => {
  let namespace: string | undefined
  if (node.namespace !== null) {
    const parts = interpolate(
      node.namespace,
      { file: node.span.file, start: node.span.end - node.namespace.length },
      env,
    )
    namespace = plainText(parts)
    if (namespace === undefined)
      env.reporter.report('K408', node.span, 'a namespace that is only known during the run is not built yet', {
        help: 'name it, or bind it in a table or a `let` with a constant',
      })
  }
  return { resource: home.resource, namespace, span: node.span }
}
