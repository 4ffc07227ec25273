import { builtinControllers } from '../../../runtime/controllers/registry.ts'
import type { Controller } from '../../../runtime/reconcile/controller.ts'
import type { LawRun } from './law-run.ts'

const process = 'kube-controller-manager'

const accountOf = ({ account, name }: Controller): string =>
  account === process ? `system:${process}` : (account ?? name)

/**
 * Kinds that the controllers of an account may write: those that they reconcile, own or watch, and those that they say they write.
 * undefined: they write whatever there is (garbage, namespaces, what an autoscaler is pointed at), and say so.
 */
const declaredBy = (account: string, controllers: readonly Controller[]): ReadonlySet<string> | undefined => {
  const kinds = new Set<string>()
  for (const one of controllers) {
    if (accountOf(one) !== account) continue
    if (one.writes === 'any') return undefined
    for (const kind of [one.reconciles, ...(one.owns ?? []), ...Object.keys(one.watches ?? {}), ...(one.writes ?? [])])
      kinds.add(kind)
  }
  return kinds
}

/** Writes of a run that no controller of their account has declared. */
export const undeclaredWrites = (run: LawRun, planted: readonly Controller[] = []): readonly string[] => {
  const controllers = [
    ...builtinControllers({ 'allocate-node-cidrs': 'true', 'cluster-cidr': '10.0.0.0/16' }),
    ...planted,
  ]
  const scheme = run.cluster.scheme()
  const resources = new Map<string, ReadonlySet<string> | undefined>()
  const found = new Set<string>()
  for (const { controller, verb, resource } of run.writes) {
    if (!resources.has(controller)) {
      const kinds = declaredBy(controller, controllers)
      const names = [...(kinds ?? [])].flatMap((kind) => {
        const served = scheme.byKind(kind)
        return served === undefined ? [] : [served.group === '' ? served.plural : `${served.plural}.${served.group}`]
      })
      resources.set(controller, kinds === undefined ? undefined : new Set(names))
    }
    const known = resources.get(controller)
    if (known?.has(resource) === false) found.add(`${controller}: ${verb} ${resource}`)
  }
  return [...found]
}
