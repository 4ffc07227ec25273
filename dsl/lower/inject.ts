import { own } from '../names/own.ts'
import { nearest } from '../diagnostics/did-you-mean.ts'
import type { Expression, Noun, PathStep } from '../plan/expression.ts'
import type { OperationBody } from '../plan/operation.ts'
import type * as ast from '../syntax/ast.ts'
import { faultSignatures } from '../names/fault-signatures.ts'
import { lowerClauses } from './clauses.ts'
import type { Env } from './env.ts'
import { resourceOf } from './fact.ts'
import { lowerFaultArguments } from './fault-arguments.ts'
import { lowerNoun } from './noun.ts'

export const lowerInject = (node: ast.Inject, env: Env): OperationBody | readonly OperationBody[] | undefined => {
  const [first, ...rest] = node.args
  const word = first?.type === 'noun' && first.form === 'bare' ? first.text : undefined
  const fault = word === undefined ? undefined : own(faultSignatures, word)
  if (first === undefined || word === undefined || fault === undefined) {
    const names = Object.keys(faultSignatures)
    const best = word === undefined ? undefined : nearest(word, names)
    env.reporter.report(
      'K128',
      first?.span ?? node.span,
      word === undefined ? 'the name of a fault is wanted behind `inject`' : `unknown fault \`${word}\``,
      {
        help: best === undefined ? `faults: ${names.join(', ')}` : `did you mean \`${best}\`?`,
        fix: best === undefined || first === undefined ? undefined : { span: first.span, text: best },
      },
    )
    return undefined
  }
  const args = rest[0]?.type === 'noun' && rest[0].text === 'any' && rest.length > 1 ? rest.slice(1) : rest
  const any = args !== rest
  const targetNode = args[0]
  if (targetNode?.type !== 'noun') {
    env.reporter.report('K128', targetNode?.span ?? node.span, `\`${word}\` wants a target`, {
      help: `written: ${fault.example}`,
    })
    return undefined
  }
  const target = lowerNoun(targetNode, env)
  if (target === undefined) return undefined
  const resource = resourceOf(target, env)
  if (resource !== undefined && !fault.targets.includes(resource)) {
    env.reporter.report('K128', targetNode.span, `nothing can \`${word}\` ${targetNode.text}`, {
      help: [`it can: ${fault.targets.map(exampleOf).join(', ')}`, ...strikes(resource, targetNode.text)].join('\n'),
    })
    return undefined
  }
  const before = env.reporter.count()
  const given = lowerFaultArguments(args.slice(1), { word, signature: fault, resource, end: targetNode.span.end }, env)
  const clauses = lowerClauses(node.clauses, [...fault.clauses, 'probability'], `inject ${word}`, env)
  const missing = fault.wants.find((kind) => !node.clauses.some((one) => one.kind === kind))
  if (missing !== undefined)
    env.reporter.report(
      'K128',
      node.span,
      word === 'partition' ? '`partition` wants the other side' : `\`inject ${word}\` wants \`${missing}\``,
      { help: `written: ${fault.example}` },
    )
  if (env.reporter.count() > before) return undefined
  const inject = (on: Noun): OperationBody => ({ kind: 'inject', fault: word, target: on, args: given, clauses })
  if (!any) return inject(target.resource === '' ? boundTarget(target, resource, target.text) : target)
  // `any N` is drawn once and then hit: a binding that no scenario can write.
  const name = `any ${targetNode.span.start}`
  return [{ kind: 'let-any', name, noun: target }, inject(boundTarget(target, resource, name))]
}

/** What can strike such a target, as advice. */
const strikes = (resource: string, target: string): readonly string[] => {
  const faults = Object.entries(faultSignatures).filter(([, one]) => one.targets.includes(resource))
  return faults.length === 0 ? [] : [`what strikes ${target}: ${faults.map(([word]) => word).join(', ')}`]
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
