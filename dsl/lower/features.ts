import { didYouMean } from '../diagnostics/did-you-mean.ts'
import { refuse } from '../checks/unsupported.ts'
import { builtGates, featuresOf, gateNames, gateOf, isVersion } from '../names/feature-gates.ts'
import type { ClusterSpec } from '../plan/cluster-spec.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'

interface Given {
  readonly kubernetes: string
  readonly flags: ClusterSpec['flags']
  readonly gates: ReadonlyMap<string, { readonly on: boolean; readonly prop: ast.Prop }>
}

const components = ['apiserver', 'scheduler', 'controller-manager', 'kubelet'] as const

/** `feature NAME on|off` over the defaults of the version, as the components are told: `--feature-gates`. */
export const lowerFeatures = (
  { kubernetes, flags, gates }: Given,
  env: Env,
): Pick<ClusterSpec, 'features' | 'flags'> => {
  const version = isVersion(kubernetes) ? kubernetes : '1.36'
  const features: Record<string, boolean> = { ...featuresOf(version) }
  for (const [name, { on, prop }] of gates) {
    const gate = gateOf(name, version)
    const span = prop.args[0]!.span
    if (gate === undefined)
      env.reporter.report('K103', span, `Kubernetes ${version} has no feature gate \`${name}\``, {
        help: didYouMean(
          name,
          gateNames().filter((one) => gateOf(one, version) !== undefined),
        ),
      })
    else if (gate.locked && gate.on !== on)
      env.reporter.report(
        'K134',
        prop.span,
        `Kubernetes ${version} does not let \`${name}\` be switched ${on ? 'on' : 'off'}`,
        {
          help: `it is locked ${gate.on ? 'on' : 'off'}`,
        },
      )
    else if (builtGates.has(name)) features[name] = on
    else if (gate.on !== on) refuse('feature', span, env.reporter, `${name} ${on ? 'on' : 'off'}`)
  }
  const off = Object.keys(features)
    .filter((name) => features[name] === false)
    .sort()
  if (off.length === 0) return { features: {}, flags }
  const text = off.map((name) => `${name}=false`).join(',')
  return {
    features: Object.fromEntries(off.map((name) => [name, false])),
    flags: {
      ...flags,
      ...Object.fromEntries(components.map((one) => [one, { ...flags[one], 'feature-gates': text }])),
    },
  }
}
