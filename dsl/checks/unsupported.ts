import type { Reporter } from '../diagnostics/report.ts'
import type { Span } from '../source/span.ts'

export type Unsupported =
  'property' | 'forall' | 'explore' | 'example' | 'upgrade' | 'attach' | 'version' | 'flag' | 'feature'
/**
 * What parses and is part of the language, but that the runner cannot execute: refused once, at its first word, never
 * ignored. Everything is lowered all the same, so whoever builds a construct deletes its line here and nothing else.
 */
const constructs: Readonly<Partial<Record<Unsupported, readonly [string, string]>>> = {
  upgrade: ['K412', '`upgrade`'],
  attach: ['K413', '`attach` of a storage class'],
  flag: ['K413', 'the flag'],
  feature: ['K413', 'the feature'],
  version: ['K413', 'a version of Kubernetes other than 1.34, 1.35 and 1.36'],
}

export const refuse = (what: Unsupported, span: Span, reporter: Reporter, name?: string): void => {
  const refused = constructs[what]
  if (refused === undefined) return
  const [code, words] = refused
  reporter.report(code, span, `${words}${name === undefined ? '' : ` \`${name}\``} is not built yet`)
}
