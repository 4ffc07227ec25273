import { didYouMean } from '../diagnostics/did-you-mean.ts'
import type { OperationBody } from '../plan/operation.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { lowerExpression } from './expression.ts'

/** `user dana { groups [dev] }` */
export const lowerUser = (item: ast.User, env: Env): OperationBody => {
  const groups: string[] = []
  for (const prop of item.props?.items ?? []) {
    if (prop.name.name !== 'groups' && prop.name.name !== 'group') {
      env.reporter.report('K103', prop.name.span, `unknown setting \`${prop.name.name}\` in user`, {
        help: didYouMean(prop.name.name, ['groups']) ?? 'settings: groups',
      })
      continue
    }
    for (const arg of prop.args)
      for (const one of arg.type === 'list' ? arg.items.map((item) => (item as ast.Arg).value) : [arg])
        groups.push(groupName(one, env))
  }
  env.scenario.users.add(item.name.name)
  return { kind: 'user', name: item.name.name, groups }
}

const groupName = (value: ast.PropValue, env: Env): string => {
  if (value.type === 'bare' || value.type === 'noun') return value.text
  const { expression } = lowerExpression(value, env)
  return expression.kind === 'literal' && expression.value.type === 'string' ? expression.value.value : ''
}
