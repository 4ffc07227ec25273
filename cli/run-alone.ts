import { compile } from '../dsl/compile.ts'
import type { Record } from '../runtime/record/record.ts'
import { runScenario, type RunOptions } from '../runtime/runner/run-scenario.ts'
import { createSourceHost } from './source-host.ts'

/** Runs the one scenario of a text as if it were a file already; undefined if it does not compile. */
export const runAlone = (
  { path, text }: { readonly path: string; readonly text: string },
  options: Pick<RunOptions, 'createCluster' | 'external'>,
): Record | undefined => {
  const host = createSourceHost()
  const { plan } = compile([path], {
    ...host,
    read: (wanted, from) => (wanted === path ? { path, text } : host.read(wanted, from)),
  })
  const scenario = plan?.scenarios.find((one) => one.span.file === path)
  return scenario === undefined ? undefined : runScenario(scenario, { seed: scenario.seed ?? '0', ...options })
}
