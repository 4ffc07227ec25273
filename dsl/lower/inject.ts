import { own } from '../names/own.ts'
import { nearest } from '../diagnostics/did-you-mean.ts'
import { refuse } from '../checks/unsupported.ts'
import type { Expression, Noun, PathStep } from '../plan/expression.ts'
import type { OperationBody } from '../plan/operation.ts'
import type * as ast from '../syntax/ast.ts'
import { lowerClauses } from './clauses.ts'
import type { Env } from './env.ts'
import { resourceOf } from './fact.ts'
import { lowerNoun } from './noun.ts'

/** What each fault acts on (3.12), and the clauses that it takes. What `built` leaves out is refused. */
const faults: Readonly<Record<string, { readonly targets: readonly string[]; readonly built: readonly string[]; readonly clauses: readonly string[] }>> = {
  crash: {
    targets: ['nodes', 'kubelet', 'apiserver', 'etcd', 'controller', 'controller-manager', 'scheduler', 'kube-proxy'],
    built: ['nodes', 'kubelet', 'apiserver', 'controller', 'controller-manager', 'scheduler'],
    clauses: ['for', 'restart'],
  },
  reboot: { targets: ['nodes'], built: ['nodes'], clauses: ['for'] },
  flap: { targets: ['nodes'], built: [], clauses: ['for'] },
  partition: { targets: ['nodes', 'zones', 'apiserver', 'controller', 'scheduler', 'kubelet', 'kube-proxy', 'controller-manager', 'etcd'], built: ['nodes', 'zones', 'apiserver', 'controller', 'scheduler', 'kubelet', 'kube-proxy', 'controller-manager'], clauses: ['from', 'for'] },
  outage: { targets: ['zones'], built: ['zones'], clauses: ['for'] },
  skew: { targets: ['nodes'], built: [], clauses: ['by', 'for'] },
  pressure: { targets: ['nodes'], built: [], clauses: ['to', 'for'] },
  slow: { targets: ['apiserver', 'etcd', 'registry'], built: [], clauses: ['by', 'for'] },
  error: { targets: ['apiserver'], built: [], clauses: ['on', 'for'] },
  compact: { targets: ['etcd'], built: [], clauses: [] },
  'drop-watch': { targets: [], built: [], clauses: ['for'] },
  'delay-watch': { targets: [], built: [], clauses: ['by', 'for'] },
  'stale-cache': { targets: [], built: [], clauses: ['for'] },
  failover: { targets: ['scheduler', 'controller-manager'], built: [], clauses: [] },
  pause: { targets: ['controller'], built: [], clauses: ['for'] },
  down: { targets: ['registry', 'storageclasses.storage.k8s.io'], built: [], clauses: ['for'] },
  timeout: { targets: ['webhook'], built: [], clauses: ['for'] },
} // prettier-ignore

export const lowerInject = (node: ast.Inject, env: Env): OperationBody | readonly OperationBody[] | undefined => {
  const [first, ...rest] = node.args
  const word = first?.type === 'noun' && first.form === 'bare' ? first.text : undefined
  const fault = word === undefined ? undefined : own(faults, word)
  if (first === undefined || word === undefined || fault === undefined) {
    const best = word === undefined ? undefined : nearest(word, Object.keys(faults))
    env.reporter.report(
      'K128',
      first?.span ?? node.span,
      word === undefined ? 'the name of a fault is wanted behind `inject`' : `unknown fault \`${word}\``,
      {
        help: best === undefined ? `faults: ${Object.keys(faults).join(', ')}` : `did you mean \`${best}\`?`,
        fix: best === undefined || first === undefined ? undefined : { span: first.span, text: best },
      },
    )
    return undefined
  }
  if (fault.built.length === 0) {
    refuse('fault', first.span, env.reporter, word)
    return undefined
  }
  const args = rest[0]?.type === 'noun' && rest[0].text === 'any' && rest.length > 1 ? rest.slice(1) : rest
  const any = args !== rest
  const targetNode = args[0]
  if (targetNode?.type !== 'noun') {
    env.reporter.report('K128', targetNode?.span ?? node.span, `\`${word}\` wants a target`, {
      help: `inject ${word} ${exampleOf(fault.targets[0])}`,
    })
    return undefined
  }
  const target = lowerNoun(targetNode, env)
  if (target === undefined) return undefined
  const resource = resourceOf(target, env)
  if (resource !== undefined && !fault.targets.includes(resource)) {
    env.reporter.report('K128', targetNode.span, `nothing can \`${word}\` ${targetNode.text}`, {
      help: `it can: ${fault.targets.map(exampleOf).join(', ')}`,
    })
    return undefined
  }
  if (resource !== undefined && !fault.built.includes(resource)) {
    refuse('fault', first.span, env.reporter, `${word} ${targetNode.text}`)
    return undefined
  }
  checkNode(target, env)
  const extra = args.slice(1)
  const more = extra[0]
  if (more !== undefined) {
    const text = env.module.source.text.slice(more.span.start, more.span.end)
    if (['between-writes', 'after-write', 'before-write'].includes(text))
      refuse('fault', more.span, env.reporter, `${word} ${text}`)
    else env.reporter.report('K128', more.span, `\`inject ${word}\` takes no \`${text}\``)
  }
  const clauses = lowerClauses(node.clauses, [...fault.clauses, 'probability'], `inject ${word}`, env)
  if (word === 'partition' && clauses.from === undefined)
    env.reporter.report('K128', node.span, '`partition` wants the other side', {
      help: `inject partition ${target.text} from apiserver/*`,
    })
  const none: readonly Expression[] = []
  const inject = (on: Noun): OperationBody => ({ kind: 'inject', fault: word, target: on, args: none, clauses })
  if (!any) return inject(target.resource === '' ? boundTarget(target, resource, target.text) : target)
  // `any N` is drawn once and then hit: a binding that no scenario can write.
  const name = `any ${targetNode.span.start}`
  return [{ kind: 'let-any', name, noun: target }, inject(boundTarget(target, resource, name))]
}

/** A fault goes by the kind of its target, so a bound object is named by kind and name. */
const boundTarget = (noun: Noun, resource: string | undefined, binding: string): Noun => {
  const { span } = noun
  const path: readonly PathStep[] = [
    { kind: 'field', name: 'metadata' },
    { kind: 'field', name: 'name' },
  ]
  const name: Expression = { kind: 'path', of: { kind: 'name', name: binding, span }, path, span }
  return {
    ...noun,
    resource: resource ?? '',
    plural: false,
    name: { kind: 'exact', parts: [name] },
    selector: undefined,
    span,
  }
}

/** K105: a fault on a node that the cluster does not have would do nothing. */
const checkNode = (target: Noun, env: Env): void => {
  const name =
    target.name?.kind === 'exact' && target.name.parts.length === 1 && typeof target.name.parts[0] === 'string'
      ? target.name.parts[0]
      : undefined
  if (
    name === undefined ||
    env.scenario.nodes === undefined ||
    (target.resource !== 'nodes' && target.resource !== 'kubelet')
  )
    return
  if (env.scenario.nodes.has(name)) return
  const best = nearest(name, env.scenario.nodes)
  // A node may come later: a pool that grows, a Node object that is created.
  env.reporter.report('K129', target.span, `the cluster starts without a node \`${name}\``, {
    severity: 'warning',
    help:
      best === undefined ? `its nodes: ${[...env.scenario.nodes].slice(0, 8).join(', ')}` : `did you mean \`${best}\`?`,
  })
}

const exampleOf = (resource: string | undefined): string => {
  const examples: Readonly<Record<string, string>> = {
    nodes: 'node/workers-0',
    zones: 'zone/a',
    kubelet: 'kubelet/workers-0',
    apiserver: 'apiserver/0',
    etcd: 'etcd/0',
    controller: 'controller/deployment',
    registry: 'registry/main',
    webhook: 'webhook/policy',
  }
  return own(examples, resource ?? '') ?? resource ?? 'scheduler'
}

export const lowerHeal = (node: ast.Heal, env: Env): OperationBody | undefined => {
  if (node.noun.form === 'bare' && node.noun.text === 'all') return { kind: 'heal', target: 'all' }
  const target = lowerNoun(node.noun, env)
  return target === undefined ? undefined : { kind: 'heal', target }
}
