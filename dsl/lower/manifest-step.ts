import type { Step } from '../plan/operation.ts'
import type * as ast from '../syntax/ast.ts'
import { lowerDocuments } from './documents.ts'
import type { Env } from './env.ts'
import { resourceOf } from './fact.ts'
import { lowerNoun } from './noun.ts'
import { wordOf } from './step-words.ts'

const forms = {
  put: 'put manifest web on node/workers-0 ```yaml',
  remove: 'remove manifest web on node/workers-0',
} as const

/** `put manifest web on node/workers-0 ```yaml`, `remove manifest web on node/workers-0` */
export const lowerManifest = (node: ast.Step, verb: 'put' | 'remove', env: Env): Step | undefined => {
  const [word, name, ...rest] = node.args
  const wrong = (span: ast.Step['span'], message: string): undefined => {
    env.reporter.report('K117', span, message, { help: `written: ${forms[verb]}` })
    return undefined
  }
  if (word === undefined || wordOf(word, env).word !== 'manifest')
    return wrong(word?.span ?? node.span, `\`${verb}\` is for the word \`manifest\` and its name`)
  if (name === undefined || name.type === 'string' || !/^[a-z0-9][a-z0-9.-]*$/.test(wordOf(name, env).word))
    return wrong(name?.span ?? node.span, 'a manifest has a name, as a file has: small letters, digits, `-` and `.`')
  const files = verb === 'put' ? rest.filter((one) => one.type === 'string') : []
  const more = rest.find((one) => !files.includes(one as ast.StringLiteral))
  if (more !== undefined) return wrong(more.span, `\`${verb} manifest\` takes no \`${wordOf(more, env).word}\``)
  const on = node.clauses.find((one) => one.kind === 'on')
  const noun = on?.kind === 'on' && on.value.type === 'noun' ? lowerNoun(on.value, env) : undefined
  if (on === undefined) return wrong(node.span, `\`${verb} manifest\` wants the node that it lies on`)
  if (noun === undefined) return undefined
  if (resourceOf(noun, env) !== 'nodes') return wrong(noun.span, `a manifest lies on nodes, not on ${noun.text}`)
  const place = { name: wordOf(name, env).word, nodes: noun }
  if (verb === 'remove') return { verb, ...place }
  if (files.length === 0 && node.fence === null) return wrong(node.span, '`put manifest` wants a YAML block or a file')
  const [manifest, second] = lowerDocuments({ ...node, args: files }, env)
  if (manifest === undefined) return undefined
  if (second !== undefined) return wrong(second.span, 'a manifest holds one pod')
  const { value } = manifest
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined
  if (typeof kind === 'string' && kind !== 'Pod')
    return wrong(manifest.span, `a node runs pods from its manifests, not a ${kind}`)
  return { verb, ...place, manifest }
}
