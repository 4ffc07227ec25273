import type { Block } from '../../dsl/plan/operation.ts'
import type { ScenarioPlan } from '../../dsl/plan/plan.ts'

/** Offsets of the statements, and of the documents of those that write several. */
const offsets = (block: Block, file: string, into: Set<number> = new Set()): ReadonlySet<number> => {
  for (const one of block.operations) {
    if (one.span.file === file) into.add(one.span.start)
    if (one.kind === 'step' && 'documents' in one.step)
      for (const document of one.step.documents) if (document.span.file === file) into.add(document.span.start)
    if ('body' in one) offsets(one.body, file, into)
  }
  return into
}

/** What a shrunk scenario does without, of all that the whole one has. */
export const droppedOf = (whole: ScenarioPlan, shrunk: ScenarioPlan): readonly number[] => {
  const left = offsets(shrunk.body, whole.span.file)
  return [...offsets(whole.body, whole.span.file)].filter((offset) => !left.has(offset)).sort((a, b) => a - b)
}

/** Nodes of each pool that has fewer than before. */
export const smallerPools = (whole: ScenarioPlan, shrunk: ScenarioPlan): Readonly<Record<string, number>> => {
  const sizes: Record<string, number> = {}
  for (const { name } of whole.cluster.pools) {
    const sizeIn = ({ cluster }: ScenarioPlan): number => cluster.nodes.filter((node) => node.pool === name).length
    if (sizeIn(shrunk) < sizeIn(whole)) sizes[name] = sizeIn(shrunk)
  }
  return sizes
}
