import { isNode, parseDocument, type Document } from 'yaml'
import type { Span } from '../dsl/source/span.ts'
import type { Finding } from '../runtime/record/finding.ts'

/** `spec.ports[0].port` → spec, ports, 0, port */
const stepsOf = (path: string): readonly (string | number)[] =>
  [...path.matchAll(/[^.[\]]+/g)].map(([step]) => (/^\d+$/.test(step) ? Number(step) : step))

interface Manifest {
  readonly start: number
  readonly document: Document
}

/** The documents of the YAML block in a statement, with where each begins in the file. */
const manifestsIn = (statement: string, offset: number): readonly Manifest[] => {
  const open = /`{3,}ya?ml[^\n]*\n/.exec(statement)
  if (open === null) return []
  const from = open.index + open[0].length
  const content = statement.slice(from, statement.lastIndexOf('```'))
  const manifests: Manifest[] = []
  let start = 0
  for (const part of content.split(/(?<=\n)[ \t]*---[ \t]*\n/)) {
    const at = content.indexOf(part, start)
    // An interpolation stands for one scalar; something as long keeps every place where it is.
    const plain = part.replace(/\$\{(?:[^{}\n]|\{[^{}\n]*\})*\}/g, (hole) => 'x'.repeat(hole.length))
    manifests.push({ start: offset + from + at, document: parseDocument(plain) })
    start = at + part.length
  }
  return manifests
}

/**
 * Where the field stands that the API server named in its refusal: the value in the YAML block of the step, or the nearest
 * field around it. undefined where the step has no such block, or the answer names no field.
 */
export const refusedField = (finding: Finding, sources: ReadonlyMap<string, string>): Span | undefined => {
  const path = /is invalid: \[?([A-Za-z][^:\s]*): /.exec(finding.message)?.[1]
  const text = sources.get(finding.span.file)
  if (path === undefined || text === undefined) return undefined
  const name = finding.subjects[0]?.split('/').at(-1)
  const manifests = manifestsIn(text.slice(finding.span.start, finding.span.end), finding.span.start)
  const manifest = manifests.find(({ document }) => document.getIn(['metadata', 'name']) === name) ?? manifests[0]
  if (manifest === undefined) return undefined
  for (const steps = [...stepsOf(path)]; steps.length > 0; steps.pop()) {
    const node = manifest.document.getIn(steps, true)
    if (isNode(node) && node.range) {
      const [start, end] = node.range
      return { file: finding.span.file, start: manifest.start + start, end: manifest.start + end }
    }
  }
  return undefined
}
