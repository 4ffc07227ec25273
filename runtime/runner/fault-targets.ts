import type { Noun } from '../../dsl/plan/expression.ts'
import { resolveNoun } from '../expect/resolve-noun.ts'
import { renderParts } from '../expect/render.ts'
import { presentMoment } from './time-clauses.ts'
import type { ScriptContext } from './track.ts'

const prefixes: Readonly<Record<string, string>> = {
  nodes: 'node',
  zones: 'zone',
  zone: 'zone',
  registry: 'registry',
  webhook: 'webhook',
  extender: 'extender',
  'storageclasses.storage.k8s.io': 'storageclass',
}

/** The names by which faults know what a noun means: `node/workers-0`, `zone/a`, `controller/deployment`, `scheduler`. */
export const faultTargets = (noun: Noun, context: ScriptContext): readonly string[] => {
  const moment = presentMoment(context)
  const prefix = prefixes[noun.resource]
  const { cluster } = context.run
  if (prefix !== undefined && noun.name?.kind === 'exact') return [`${prefix}/${renderParts(noun.name.parts, moment)}`]
  // Of several replicas their common name means the one that leads.
  const shared = noun.name === undefined ? noun.resource : `${noun.resource}/${renderName(noun, moment)}`
  if (noun.selector === undefined && prefix === undefined && cluster.process(shared) !== undefined)
    return [cluster.process(shared)!.name]
  const names = resolveNoun(noun, moment).flatMap((subject) => {
    if (subject.kind === 'object') return [`${prefixes[subject.resource] ?? subject.resource}/${subject.name}`]
    if (subject.kind !== 'named') return []
    return [prefix === undefined ? subject.name : `${prefix}/${subject.name}`]
  })
  if (names.length > 0 || noun.name !== undefined) return names
  return cluster.process(noun.resource) === undefined ? [] : [noun.resource]
}

const renderName = ({ name }: Noun, moment: ReturnType<typeof presentMoment>): string =>
  name?.kind === 'exact' ? renderParts(name.parts, moment) : ''

/** The subject of a fault's timeline entries. */
export const faultSubject = (target: string): string => {
  if (target.startsWith('node/')) return `nodes/${target.slice('node/'.length)}`
  return target.startsWith('zone/') ? `zones/${target.slice('zone/'.length)}` : `components/${target}`
}
