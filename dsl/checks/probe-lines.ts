import type { BehaviorSpec } from '../plan/behavior-spec.ts'
import { descend } from '../syntax/descend.ts'
import type * as ast from '../syntax/ast.ts'
import type { Check } from './check.ts'
import { makesContainersElsewhere, manifestContainers, matchesImage } from './manifest-containers.ts'
import { eachOperation } from './walk-plan.ts'

/** Lines of a behavior → the probe that sees them. */
const probes: Readonly<Record<string, readonly [string, string]>> = {
  ready: ['readinessProbe', 'it is ready as soon as it runs'],
  unready: ['readinessProbe', 'it is ready as soon as it runs'],
  live: ['livenessProbe', 'nothing restarts it'],
  started: ['startupProbe', 'it has started as soon as it runs'],
}

/** K142: a behavior says what a probe sees that none of its containers has. */
export const probeLines: Check = {
  name: 'probe-lines',
  codes: ['K142'],
  always: false,
  scenario({ module, plans, scenario }, reporter) {
    const { path } = module.source
    const written = new Map<number, ast.Behavior>()
    descend(scenario.body, (node) => {
      if (node.type === 'behavior')
        written.set((node as unknown as ast.Behavior).span.start, node as unknown as ast.Behavior)
    })
    const useless = new Map<ast.Prop, readonly [string, string]>()
    const useful = new Set<ast.Prop>()
    for (const plan of plans) {
      if (makesContainersElsewhere(plan)) return
      const containers = manifestContainers(plan)
      const behaviors: BehaviorSpec[] = []
      eachOperation(plan.body, (operation) => {
        if (operation.kind === 'behavior') behaviors.push(operation.behavior)
      })
      for (const { target, span } of behaviors) {
        const node = span.file === path ? written.get(span.start) : undefined
        if (node === undefined || target.kind !== 'image') continue
        const matching = containers.filter(({ image }) => image === undefined || matchesImage(target.glob, image))
        for (const prop of node.props.items) {
          const word = prop.args[0]
          const name = prop.name.name === 'never' && word?.type === 'bare' ? word.text : prop.name.name
          const probe = Object.hasOwn(probes, name) ? probes[name] : undefined
          if (probe === undefined || matching.length === 0) continue
          // A new image of an old container keeps the probes of its template.
          if (matching.some(({ fields, image }) => image === undefined || probe[0] in fields || !('name' in fields)))
            useful.add(prop)
          else useless.set(prop, probe)
        }
      }
    }
    for (const [prop, [probe, instead]] of useless)
      if (!useful.has(prop))
        reporter.report('K142', prop.span, `no container with this image has a ${probe}`, {
          severity: 'warning',
          help: `so this line changes nothing: ${instead}`,
        })
  },
}
