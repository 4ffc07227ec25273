import { parseDocument } from 'yaml'
import { isTooDeepYaml, maxDepth } from '../../api/decode/too-deep.ts'
import type { ParseYaml } from '../../runtime/apiserver/http-body.ts'

/** YAML 1.1 as sigs.k8s.io/yaml reads it. */
export const parseYaml: ParseYaml = (text) => {
  if (isTooDeepYaml(text)) return { error: `yaml: exceeded max depth of ${maxDepth}` }
  const document = parseDocument(text, { version: '1.1', uniqueKeys: false, merge: true })
  const [error] = document.errors
  if (error !== undefined) return { error: `yaml: ${error.message}` }
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown }
  } catch (problem) {
    // Aliases that would unfold without end.
    return { error: `yaml: ${problem instanceof Error ? problem.message : 'unreadable'}` }
  }
}
