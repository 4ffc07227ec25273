import type { NodeRuntime } from '../plan/cluster-spec.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { choiceSetting, settingText } from './setting-value.ts'

/** The releases that go with Kubernetes 1.36. */
const usual: Readonly<Record<NodeRuntime['name'], string>> = {
  containerd: '2.2.1',
  'cri-o': '1.36.0',
  docker: '29.1.3',
}
const names = ['containerd', 'cri-o', 'docker'] as const

/** `runtime cri-o`, `runtime containerd 2.0.5` */
export const runtimeOf = (prop: ast.Prop, env: Env): NodeRuntime | undefined => {
  const { reporter } = env
  const [value, release, more] = prop.args
  if (value === undefined || more !== undefined) {
    reporter.report('K133', prop.span, '`runtime` wants a name, and may have a version', { help: 'runtime cri-o' })
    return undefined
  }
  const name = choiceSetting(value, names, env)
  if (name === undefined || release === undefined) return name && { name, version: usual[name] }
  const { text, span } = settingText(release, env, 'any')
  const version = /^v?(\d+\.\d+(?:\.\d+)?)$/.exec(text)?.[1]
  if (version === undefined) {
    reporter.report('K107', span, `\`${text}\` is not a version of ${name}`, { help: `such as ${usual[name]}` })
    return undefined
  }
  return { name, version }
}
