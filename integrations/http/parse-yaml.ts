import { parseDocument } from 'yaml'
import { isTooDeepYaml, maxDepth } from '../../api/decode/too-deep.ts'
import { yamlProblem } from '../../api/decode/yaml-problem.ts'
import type { ParseYaml } from '../../runtime/apiserver/http-body.ts'

/** YAML 1.1 as sigs.k8s.io/yaml reads it. */
export const parseYaml: ParseYaml = (text) => {
  if (isTooDeepYaml(text)) return { error: `yaml: exceeded max depth of ${maxDepth}` }
  const document = parseDocument(text, { version: '1.1', uniqueKeys: false, merge: true, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined)
    return { error: yamlProblem(text, { code: error.code, message: error.message, at: error.pos[0] }) }
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown }
  } catch (problem) {
    // Aliases that would unfold without end.
    const message = problem instanceof Error ? problem.message : 'unreadable'
    const code = message.startsWith('Unresolved alias') ? 'BAD_ALIAS' : ''
    return { error: yamlProblem(text, { code, message, at: 0 }) }
  }
}
