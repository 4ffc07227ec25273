/** Lets no node have two pods of one app, and sends everything to the last node that is left. */
export default function oneANode() {
  const taken = new Set()
  return {
    filter: ({ Pod, NodeNames }) => ({
      NodeNames: NodeNames.filter((name) => !taken.has(`${Pod.metadata.labels.app}/${name}`)),
      FailedNodes: Object.fromEntries(
        NodeNames.filter((name) => taken.has(`${Pod.metadata.labels.app}/${name}`)).map((name) => [name, 'has one']),
      ),
    }),
    prioritize: ({ NodeNames }) => NodeNames.map((Host, index) => ({ Host, Score: index })),
    bind({ PodName, Node }) {
      taken.add(`${PodName.split('-')[0]}/${Node}`)
      return {}
    },
  }
}
