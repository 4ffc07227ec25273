import { own } from '../names/own.ts'
import { didYouMean } from '../diagnostics/did-you-mean.ts'
import { unknown, type ValueInfo } from '../names/value-info.ts'
import type { Name } from '../syntax/ast.ts'
import type { Env } from './env.ts'

const types: Readonly<Record<string, ValueInfo>> = {
  int: { type: 'int' },
  number: { type: 'number' },
  string: { type: 'string' },
  bool: { type: 'boolean' },
  boolean: { type: 'boolean' },
  duration: { type: 'duration' },
  quantity: { type: 'quantity' },
  percent: { type: 'percent' },
  list: { type: 'list' },
}

/** The type behind a colon. */
export const annotationInfo = (annotation: Name | null, env: Env): ValueInfo => {
  if (annotation === null) return unknown
  const info = own(types, annotation.name)
  if (info !== undefined) return info
  env.reporter.report('K116', annotation.span, `unknown type \`${annotation.name}\``, {
    help: didYouMean(annotation.name, Object.keys(types)) ?? `types: ${Object.keys(types).join(', ')}`,
  })
  return unknown
}
