import type { PluginFactory, PodInfo } from 'kscn/scheduler'

const groupOf = ({ pod }: { readonly pod: PodInfo }): string | undefined => pod.labels?.['gang']

/** Holds the pods of a group back until all of them have a node: the label gang-size says how many they are. */
const Gang: PluginFactory = ({ waiting }) => ({
  name: 'Gang',
  permit(cycle) {
    const group = groupOf(cycle)
    if (group === undefined) return undefined
    const others = waiting.list().filter((one) => groupOf(one) === group)
    if (others.length + 1 < Number(cycle.pod.labels?.['gang-size'])) return { wait: 30 }
    for (const one of others) one.allow('Gang')
    return undefined
  },
})
export default Gang
