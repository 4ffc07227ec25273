import type { CloudSpec } from '../plan/cluster-spec.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { choiceSetting, countSetting, durationSetting, oneValue, settingText, unknownSetting } from './setting-value.ts'

const second = 1_000_000

/** A cloud of which nothing is said but that there is one. */
export const plainCloud: CloudSpec = Object.freeze({
  loadBalancer: Object.freeze({ base: 30 * second, spread: 0 }),
  failures: 0,
  after: 0,
})

const keys = ['load-balancer'] as const
const counts: { readonly least: number; readonly most: number; readonly what: string } = {
  least: 0,
  most: 1_000_000,
  what: 'calls',
}

/** `cloud on`, `cloud { load-balancer 20s }` */
export const lowerCloud = (prop: ast.Prop, known: CloudSpec | undefined, env: Env): CloudSpec | undefined => {
  if (prop.props === null) {
    const value = oneValue(prop, env)
    return value === undefined || choiceSetting(value, ['on', 'off'], env) === 'off' ? undefined : (known ?? plainCloud)
  }
  const [first] = prop.args
  if (first !== undefined) env.reporter.report('K133', first.span, '`cloud` takes `on`, `off` or braces')
  let cloud = known ?? plainCloud
  for (const one of prop.props.items) {
    if (one.name.name !== 'load-balancer') unknownSetting(one, 'cloud', keys, env)
    else cloud = loadBalancer(one, cloud, env)
  }
  return cloud
}

/** `load-balancer 20s`, `load-balancer 20s fails`, `load-balancer 20s fails times 2 after 1` */
const loadBalancer = (prop: ast.Prop, cloud: CloudSpec, env: Env): CloudSpec => {
  const [time, fails, ...clauses] = prop.args
  const wrong = (at: ast.PropValue | undefined): CloudSpec => {
    env.reporter.report('K133', at?.span ?? prop.span, '`load-balancer` wants the time that one takes to be made', {
      help: 'load-balancer 30s, load-balancer 30s fails, load-balancer 30s fails times 2 after 1',
    })
    return cloud
  }
  if (time === undefined) return wrong(undefined)
  const loadBalancer = durationSetting(time, env) ?? cloud.loadBalancer
  if (fails === undefined) return { loadBalancer, failures: 0, after: 0 }
  if (settingText(fails, env, 'any').text !== 'fails') return wrong(fails)
  let [failures, after] = [counts.most, 0]
  while (clauses.length > 0) {
    const [word, value] = clauses.splice(0, 2)
    const name = settingText(word!, env, 'any').text
    if (value === undefined || (name !== 'times' && name !== 'after')) return wrong(word)
    const count = countSetting(value, counts, env) ?? 0
    if (name === 'times') failures = count
    else after = count
  }
  return { loadBalancer, failures, after }
}
