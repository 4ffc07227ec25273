import { structuralEqual } from '../json/structural-equal.ts'
import { forbidden, invalid, type Cause } from './cause.ts'
import { amountsOf, type Amounts } from './resources.ts'
import { child, list, map, struct, text, type View } from './view.ts'

const mergeResources = (now: readonly View[], old: readonly View[]): readonly View[] => {
  if (now.some((container, i) => text(container, 'name') !== text(old[i], 'name'))) return now
  return old.map((container, i) => ({
    ...container,
    resources: now[i]?.['resources'],
    resizePolicy: now[i]?.['resizePolicy'],
  }))
}

/** dropNonResizeUpdates; undefined if containers came or went, which validation then tells. */
export const resizedSpec = (spec: View, old: View): View | undefined => {
  if (list(spec, 'containers').length !== list(old, 'containers').length) return undefined
  if (list(spec, 'initContainers').length !== list(old, 'initContainers').length) return undefined
  return {
    ...old,
    resources: spec['resources'],
    containers: mergeResources(list(spec, 'containers'), list(old, 'containers')),
    ...(old['initContainers'] === undefined
      ? undefined
      : { initContainers: mergeResources(list(spec, 'initContainers'), list(old, 'initContainers')) }),
  }
}

const removed = (now: Amounts, old: Amounts): boolean => Object.keys(old).some((name) => now[name] === undefined)

const orderCauses = (spec: View, old: View): Cause[] => {
  const causes: Cause[] = []
  for (const key of ['containers', 'initContainers']) {
    const now = list(spec, key)
    const before = list(old, key)
    if (now.length !== before.length)
      causes.push(forbidden(`spec.${key}`, `${key} may not be added or removed on resize`))
    else {
      before.forEach((container, i) => {
        if (text(now[i], 'name') !== text(container, 'name')) {
          causes.push(forbidden(`spec.${key}[${i}].name`, `${key} may not be renamed or reordered on resize`))
        }
      })
    }
  }
  return causes
}

const keep = (now: Amounts, old: Amounts): Amounts | undefined => {
  const out: Record<string, string> = { ...now }
  for (const name of ['cpu', 'memory']) {
    const before = old[name]
    if (before === undefined) delete out[name]
    else out[name] = before
  }
  return Object.keys(out).length === 0 ? undefined : out
}

const withOldCompute = (container: View, old: View | undefined): View => {
  const now = child(container, 'resources')
  const before = child(old, 'resources')
  return {
    ...container,
    resources: {
      limits: keep(amountsOf(now, 'limits'), amountsOf(before, 'limits')),
      requests: keep(amountsOf(now, 'requests'), amountsOf(before, 'requests')),
    },
  }
}

/** ValidatePodResize after metadata and spec. */
export const resizeCauses = (pod: View, old: View, qosOf: (pod: View) => string): Cause[] => {
  if (map(struct(old, 'metadata'), 'annotations')['kubernetes.io/config.mirror'] !== undefined) {
    return [forbidden('', 'static pods cannot be resized')]
  }
  const spec = struct(pod, 'spec')
  const before = struct(old, 'spec')
  if (text(child(before, 'os'), 'name') === 'windows') return [forbidden('', 'windows pods cannot be resized')]
  const causes: Cause[] = []
  if (text(struct(old, 'status'), 'qosClass') !== qosOf(pod)) {
    causes.push(
      invalid('spec', text(struct(pod, 'status'), 'qosClass'), 'Pod QOS Class may not change as a result of resizing'),
    )
  }
  const running = list(struct(old, 'status'), 'containerStatuses').find(
    (one) => child(child(one, 'state'), 'running') !== undefined,
  )
  if (running !== undefined && child(running, 'resources') === undefined) {
    causes.push(forbidden('spec', 'Pod running on node without support for resize'))
  }
  const order = orderCauses(spec, before)
  if (order.length > 0) return [...causes, ...order]
  for (const key of ['initContainers', 'containers']) {
    list(before, key).forEach((container, i) => {
      const now = child(list(spec, key)[i], 'resources')
      const was = child(container, 'resources')
      for (const side of ['requests', 'limits'] as const) {
        if (removed(amountsOf(now, side), amountsOf(was, side))) {
          causes.push(forbidden(`spec.${key}[${i}].resources.${side}`, `resource ${side} cannot be removed`))
        }
      }
    })
  }
  list(spec, 'containers').forEach((container, i) => {
    const was = list(before, 'containers')[i]
    if (!structuralEqual(withOldCompute(container, was), { ...was, resources: child(was, 'resources') ?? {} })) {
      causes.push(forbidden('spec', 'only cpu and memory resources are mutable'))
    }
  })
  list(spec, 'initContainers').forEach((container, i) => {
    const was = list(before, 'initContainers')[i]
    if (!structuralEqual(withOldCompute(container, was), { ...was, resources: child(was, 'resources') ?? {} })) {
      causes.push(
        forbidden(
          `spec.initContainers[${i}]`,
          'only cpu and memory resources for init or sidecar containers are mutable',
        ),
      )
    }
  })
  return causes
}
