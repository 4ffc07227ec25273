import type { Cluster } from '../cluster/cluster.ts'
import type { Fault } from './fault.ts'

/** A controller of Kubernetes has no way of its own: it shares that of its process. One under test is a process. */
const endsOf = (name: string, cluster: Cluster): readonly string[] => {
  if (!name.startsWith('controller/')) return [name]
  const process = cluster.process(name)
  return process === undefined ? ['controller-manager', name] : [process.within ?? name]
}

/** `partition node/x from apiserver/*`, `partition zone/a from zone/b`: nothing gets through, in either direction. */
export const partition: Fault = {
  name: 'partition',
  inject({ cluster, targets, from }) {
    const cuts = targets.flatMap((target) =>
      from.flatMap((other) =>
        endsOf(target, cluster).flatMap((one) =>
          endsOf(other, cluster).map((another) => cluster.network.cut(one, another)),
        ),
      ),
    )
    return {
      heal() {
        for (const heal of cuts) heal()
      },
    }
  },
}
