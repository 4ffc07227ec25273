import { existsSync, readFileSync } from 'node:fs'
import { structuralHash } from '../api/json/structural-hash.ts'
import { instantText } from '../runtime/expect/text-of.ts'
import { pretty } from '../reporters/pretty.ts'
import { createCluster } from './create-cluster.ts'
import { createExplorer } from '../runtime/explore/explorer.ts'
import { readToken, type Token } from '../runtime/explore/token.ts'
import { firstDifference } from '../runtime/explore/first-difference.ts'
import type { Record } from '../runtime/record/record.ts'
import { runScenario } from '../runtime/runner/run-scenario.ts'
import { atLine, compileTargets, type Compiled } from './compile-targets.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { loadScripts } from './load-scripts.ts'
import { readKnownRun, staleReplay } from './stale-replay.ts'
import { terminalOf } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export interface ReplayFlags {
  readonly color?: boolean
}

interface Replay {
  readonly compiled: Compiled
  /** What the token or the file says the run was: its hash, and its way. */
  readonly expected: { readonly hash: string; readonly path: string } | undefined
  readonly run: () => Record
}

const compiledFile = (path: string, flags: ReplayFlags, otherwise: string): Compiled => {
  if (!existsSync(path)) throw new UsageError(`no file ${path}`, otherwise)
  return compileTargets([{ path, line: undefined }], flags.color)
}

const ofToken = async (token: Token, flags: ReplayFlags, version: string): Promise<Replay | undefined> => {
  if (token.version !== version)
    throw new UsageError(
      `this token is of kscn ${token.version}, and this is kscn ${version}`,
      'another version may take other decisions: explore the property again, or keep failures as files with --save-regressions',
    )
  const compiled = compiledFile(token.file, flags, 'a token names its property by the path it was explored under')
  if (compiled.plan === undefined) return undefined
  const text = compiled.sources.get(token.file) ?? ''
  const found = atLine(
    compiled.plan.scenarios.filter((one) => one.property !== undefined && one.span.file === token.file),
    token.line,
    text,
  ).find((one) => structuralHash(one).toString(16).padStart(8, '0') === token.planHash)
  if (found === undefined)
    throw new UsageError(
      `${token.file}:${token.line} is no longer the property that this token is of`,
      'it, its imports or its manifests have changed since: explore it again',
    )
  const scripts = await loadScripts(found.modules)
  const explorer = createExplorer(found, {
    seed: token.seed,
    runs: token.runs,
    strategy: token.strategy,
    planHash: token.planHash,
    createCluster: (spec, behaviors, options) => createCluster(spec, behaviors, { ...options, scripts }),
    external: scripts,
  })
  return { compiled, expected: token, run: () => explorer.run(explorer.caseOf(token.index)) }
}

const savedOnes = 'it wants what --save-regressions wrote, or the token of a failing property'

const ofFile = async (path: string, flags: ReplayFlags): Promise<Replay | undefined> => {
  const compiled = compiledFile(path, flags, savedOnes)
  if (compiled.plan === undefined) return undefined
  const [scenario, ...others] = compiled.plan.scenarios.filter((one) => one.span.file === path)
  if (scenario === undefined || others.length > 0)
    throw new UsageError(`${path} is no saved regression: one has one scenario in it`, savedOnes)
  if (scenario.property !== undefined)
    throw new UsageError(
      `"${scenario.title}" in ${path} is a property, and no run of it`,
      'kscn run explores it; what it finds it prints with a token behind `replay`',
    )
  const scripts = await loadScripts(scenario.modules)
  return {
    compiled,
    expected: readKnownRun(readFileSync(path, 'utf8')),
    run: () =>
      runScenario(scenario, {
        seed: scenario.seed ?? '0',
        createCluster: (spec, behaviors, options) => createCluster(spec, behaviors, { ...options, scripts }),
        external: scripts,
      }),
  }
}

/** Runs one explored run again: what it told, and whether it is the same run. */
export const replay = async (what: string, flags: ReplayFlags, version: string): Promise<ExitCode> => {
  const token = readToken(what)
  if (token === undefined && /^k[0-9]+:/.test(what) && !existsSync(what))
    throw new UsageError('this replay token cannot be read', 'copy all of it: it ends with FILE:LINE')
  const found = token === undefined ? await ofFile(what, flags) : await ofToken(token, flags, version)
  if (found === undefined) return exitCode.wrong
  const record = found.run()
  const { color, width } = terminalOf(process.stdout, flags.color)
  const context = {
    sources: found.compiled.sources,
    color,
    width,
    version,
    elapsed: undefined,
    interrupted: false,
  }
  process.stdout.write(pretty.record(record, context))
  const again = found.run()
  const difference = firstDifference(record.timeline, again.timeline)
  if (difference !== undefined) {
    process.stdout.write(
      `\nengine-nondeterminism: two runs of this very run differ, first at entry ${difference.entry} (${instantText(difference.at)}):\n  ${difference.first}\n  ${difference.second}\n`,
    )
    return exitCode.bug
  }
  if (found.expected !== undefined && found.expected.hash !== record.hash) {
    process.stdout.write(staleReplay(found.expected, record))
    return exitCode.bug
  }
  process.stdout.write(
    found.expected === undefined
      ? '\nnot compared: the file does not say which run it was\n'
      : '\nreplayed: the same run, entry by entry\n',
  )
  return record.verdict === 'PASS' || record.verdict === 'VACUOUS' ? exitCode.held : exitCode.failed
}
