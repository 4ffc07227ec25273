import type { Fault } from './fault.ts'

/** A controller has no way of its own: it shares that of its process. */
const endOf = (name: string): string => (name.startsWith('controller/') ? 'controller-manager' : name)

/** `partition node/x from apiserver/*`, `partition zone/a from zone/b`: nothing gets through, in either direction. */
export const partition: Fault = {
  name: 'partition',
  inject({ cluster, targets, from }) {
    const cuts = targets.flatMap((target) => from.map((other) => cluster.network.cut(endOf(target), endOf(other))))
    return {
      heal() {
        for (const heal of cuts) heal()
      },
    }
  },
}
