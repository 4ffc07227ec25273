import type { Fault } from './fault.ts'

/** `partition node/x from apiserver/*`, `partition zone/a from zone/b`: nothing gets through, in either direction. */
export const partition: Fault = {
  name: 'partition',
  inject({ cluster, targets, from }) {
    const cuts = targets.flatMap((target) => from.map((other) => cluster.network.cut(target, other)))
    return {
      heal() {
        for (const heal of cuts) heal()
      },
    }
  },
}
