import { diffClusters } from '../api/diff/diff-clusters.ts'
import type { ClusterDifference } from '../reporters/diff/cluster-difference.ts'
import { shownDifferences } from '../reporters/diff/cluster-difference.ts'
import { diffGithub } from '../reporters/diff/diff-github.ts'
import { diffJson } from '../reporters/diff/diff-json.ts'
import { diffText } from '../reporters/diff/diff-text.ts'
import { readSide } from './cluster-side.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { terminalOf } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export interface DiffFlags {
  readonly scenario?: string
  readonly all?: boolean
  readonly status: boolean
  readonly json?: boolean
  readonly github?: boolean
  readonly color?: boolean
}

/** `kscn diff A B`: where two clusters are not the same. */
export const diff = (a: string, b: string, flags: DiffFlags): ExitCode => {
  if (flags.json === true && flags.github === true)
    throw new UsageError('--json and --github are two forms of one output')
  if (a === '-' && b === '-') throw new UsageError('only one side can come from standard input')
  const reading = { scenario: flags.scenario, all: flags.all === true }
  const before = readSide(a, reading)
  const after = readSide(b, reading)
  const runs = [before.run, after.run]
  const same = runs.includes(undefined) ? undefined : before.run === after.run
  const found = diffClusters(before.objects, after.objects, same)
  for (const warning of new Set([...before.warnings, ...after.warnings]))
    process.stderr.write(`kscn: warning: ${warning}\n`)
  const difference: ClusterDifference = {
    before: before.label,
    after: after.label,
    counts: [before.objects.length, after.objects.length],
    ...shownDifferences(found, { all: flags.all === true, status: flags.status }),
  }
  const text =
    flags.json === true
      ? diffJson(difference)
      : flags.github === true
        ? diffGithub(difference)
        : diffText(difference, terminalOf(process.stdout, flags.color))
  process.stdout.write(text)
  return difference.differences.length === 0 ? exitCode.held : exitCode.failed
}
