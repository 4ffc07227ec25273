import { compile } from '../../../../dsl/compile.ts'
import type { SourceHost } from '../../../../dsl/source/source-file.ts'
import type { Record } from '../../../../runtime/record/record.ts'
import { runScenario, type RunOptions } from '../../../../runtime/runner/run-scenario.ts'
import { createFakeCluster, type FakeCluster, type Plot } from './fake-cluster.ts'

/** The plan of one scenario whose body is given as text. */
export const planOf = (text: string): NonNullable<ReturnType<typeof compile>['plan']>['scenarios'][number] => {
  const host: SourceHost = {
    read: (path) => ({ path, text }),
    glob: () => [],
  }
  const { plan, diagnostics } = compile(['test.kscn'], host)
  if (plan === undefined) throw new Error(diagnostics.map((one) => `${one.code} ${one.message}`).join('\n'))
  return plan.scenarios[0]!
}

export interface TextRun {
  readonly record: Record
  readonly cluster: FakeCluster
}

const head = 'cluster { pool workers 1 { cpu 2, memory 4Gi } }'

/** Runs statements against a fake cluster whose story the plot tells. */
export const runText = (
  body: string,
  plot: Plot = () => undefined,
  options: Partial<RunOptions> & { tags?: string; processes?: readonly string[] } = {},
): TextRun => {
  const { tags = '', processes, ...rest } = options
  let cluster: FakeCluster | undefined
  const record = runScenario(planOf(`${tags}\nscenario "test" {\n  ${head}\n${body}\n}\n`), {
    seed: '1',
    createCluster(spec, _behaviors, clusterOptions) {
      const made = createFakeCluster({ ...clusterOptions, epoch: spec.clock }, plot, processes)
      // A look-ahead runs a second time; the first run is the one that is told of.
      cluster ??= made
      return made
    },
    ...rest,
  })
  return { record, cluster: cluster! }
}
