import { decode } from '../api/decode/decode.ts'
import { applyDefaults } from '../api/defaults/apply-defaults.ts'
import { deepFreeze } from '../api/json/deep-freeze.ts'
import type { KubeObject } from '../api/object.ts'
import { builtinScheme } from '../api/scheme/builtin-scheme.ts'
import type { Node, Pod } from '../api/types/core-v1.generated.ts'
import { defaultConfiguration } from '../runtime/scheduler/config/configuration.ts'
import { createEngine } from '../runtime/scheduler/engine.ts'
import { benchNode, podNames, type Shape } from './scheduler-shapes.ts'

/** As the API server would store it. */
const stored = (given: object): KubeObject => {
  const { kind, metadata, spec } = given as KubeObject & { readonly spec?: object }
  const resource = builtinScheme().byKind(`v1/${kind}`)!
  const priority = { 'bench-low': 1, 'bench-high': 1000 }[
    (spec as { readonly priorityClassName?: string } | undefined)?.priorityClassName ?? ''
  ]
  const decoded = decode(resource, {
    ...given,
    metadata: { ...metadata, uid: `${metadata.namespace ?? ''}/${metadata.name}` },
    ...(priority === undefined ? {} : { spec: { ...spec, priority } }),
  })
  if (!decoded.ok) throw new Error(decoded.message)
  return deepFreeze(applyDefaults(resource, decoded.object))
}

/** The scheduler without an API: its cache, queue and decisions. Bindings and evictions happen at once. */
export const runAlone = (shape: Shape): { readonly pods: number; readonly seconds: number } => {
  const pods = new Map<string, Pod>()
  let now = 1_767_225_600_000_000
  const engine = createEngine({
    configuration: defaultConfiguration,
    listers: {
      get: (kind, namespace, name) => (kind === 'v1/Pod' ? pods.get(`${namespace}/${name}`) : undefined),
      list: () => [],
    },
    now: () => now,
    choose: () => 0,
  })
  for (let index = 0; index < shape.nodes; index += 1) engine.nodeAdded(stored(benchNode(index)) as Node)
  const work = (prefix: string, count: number, initial: boolean): number => {
    const fresh = podNames(prefix, count).map((name, index) => stored(shape.pod(name, initial, index)) as Pod)
    let left = count
    const started = process.hrtime.bigint()
    for (const pod of fresh) {
      pods.set(`${pod.metadata.namespace}/${pod.metadata.name}`, pod)
      engine.podAdded(pod)
    }
    while (left > 0) {
      const attempt = engine.attempt()
      if (attempt === undefined) {
        now += 1_000_000
        engine.queue.flushBackoff()
        continue
      }
      if (attempt.kind === 'placed') {
        engine.bindingBegins(attempt.pod)
        const before = attempt.queued.pod.pod
        const bound: Pod = deepFreeze({ ...before, spec: { ...before.spec, nodeName: attempt.node } })
        pods.set(attempt.pod.key, bound)
        engine.podUpdated(before, bound)
        left -= 1
      } else if (attempt.kind === 'failed') {
        engine.settleFailure(attempt)
        if (!shape.fits) left -= 1
        if (attempt.preemption !== undefined) engine.preemptionEnds(attempt.pod.uid)
        for (const victim of attempt.preemption?.victims ?? []) {
          const known = pods.get(victim.key)
          if (known === undefined) continue
          pods.delete(victim.key)
          engine.podDeleted(known)
        }
      }
    }
    return Number(process.hrtime.bigint() - started) / 1e9
  }
  work('init', shape.initial, true)
  return { pods: shape.pods, seconds: work('pod', shape.pods, false) }
}
