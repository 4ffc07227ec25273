import { watch as watchFile, statSync, type FSWatcher } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { compile } from '../dsl/compile.ts'
import { positionAt } from '../dsl/source/line-map.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { findScenarios } from './find-scenarios.ts'
import { run, type RunFlags } from './run.ts'
import { createSourceHost } from './source-host.ts'
import { UsageError } from './usage-error.ts'

/** Editors write a file in several steps; one save is one run. */
const debounceMs = 80

/** The targets as the user named them, by the files that each of them reads. */
type Reads = ReadonlyMap<string, ReadonlySet<string>>

const readsOf = (args: readonly string[]): Reads => {
  const reads = new Map<string, Set<string>>()
  for (const { path, line } of findScenarios(args)) {
    const { sources } = compile([path], createSourceHost())
    const files = [resolve(path), ...[...sources.keys()].map((one) => resolve(one))]
    reads.set(line === undefined ? path : `${path}:${line}`, new Set(files))
  }
  return reads
}

const help = 'watching for changes: Enter runs all, f what failed, u rewrites snapshots, q quits\n'

/** Runs, and runs again what a saved file belongs to: the scenarios in it, and those that import or apply it. */
export const watch = (args: readonly string[], flags: RunFlags, version: string): Promise<ExitCode> => {
  if (flags.ci)
    throw new UsageError('--watch waits for changes, and in CI nobody makes any', 'leave it out, or unset CI')
  if (args.includes('-')) throw new UsageError('--watch cannot watch standard input', 'name files or folders')
  return new Promise((done) => {
    let reads: Reads = new Map()
    let failed: readonly string[] = []
    let code: ExitCode = exitCode.held
    let busy = false
    const changed = new Set<string>()
    const watchers = new Map<string, FSWatcher>()
    let timer: NodeJS.Timeout | undefined

    /** Folders, not files: an editor that replaces a file would take the watched one away. */
    const watchFolders = (): void => {
      const folders = new Set([...reads.values()].flatMap((files) => [...files].map((file) => dirname(file))))
      for (const one of args)
        if (statSync(one, { throwIfNoEntry: false })?.isDirectory() === true) folders.add(resolve(one))
      for (const [folder, watcher] of watchers)
        if (!folders.has(folder)) {
          watcher.close()
          watchers.delete(folder)
        }
      for (const folder of folders) {
        if (watchers.has(folder)) continue
        const watcher = watchFile(folder, (_, name) => {
          if (name === null || !/\.(?:kscn|ya?ml|json|ts)$/.test(name)) return
          changed.add(resolve(folder, name))
          clearTimeout(timer)
          timer = setTimeout(() => void rerun(), debounceMs)
        })
        watcher.on('error', () => watcher.close())
        watchers.set(folder, watcher)
      }
    }

    const runThese = async (targets: readonly string[], how: RunFlags = flags): Promise<void> => {
      busy = true
      const broken: string[] = []
      try {
        code = await run(targets, how, version, (record) => {
          const text = createSourceHost().read(record.span.file, '')
          const held = record.verdict === 'PASS' || record.verdict === 'SKIP'
          if (!held && !('error' in text))
            broken.push(`${record.span.file}:${positionAt(text.text, record.span.start).line}`)
        })
        failed = [...new Set(broken)]
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
        process.stderr.write(`kscn: ${error.message}\n`)
        code = exitCode.wrong
      }
      busy = false
      if (code === exitCode.interrupted) stop()
      else {
        process.stdout.write(`\n${help}`)
        if (changed.size > 0) await rerun()
      }
    }

    const look = (): void => {
      try {
        reads = readsOf(args)
      } catch (error) {
        // A file may be gone for the moment that an editor needs to replace it.
        if (!(error instanceof UsageError)) throw error
      }
      watchFolders()
    }

    const rerun = async (): Promise<void> => {
      if (busy) return
      const files = new Set(changed)
      changed.clear()
      const before = reads
      look()
      const meant = [...reads].filter(
        ([target, read]) =>
          !before.has(target) || [...files].some((file) => read.has(file) || before.get(target)?.has(file) === true),
      )
      if (meant.length === 0) return
      const names = meant.map(([target]) => target)
      process.stdout.write(`\n— changed: ${names.length > 3 ? `${names.length} files` : names.join(', ')}\n`)
      await runThese(names)
    }

    const stop = (): void => {
      clearTimeout(timer)
      for (const watcher of watchers.values()) watcher.close()
      process.stdin.off('data', onKey)
      if (process.stdin.isTTY) process.stdin.setRawMode(false)
      // A pipe that is only paused would keep the process.
      process.stdin.destroy()
      process.off('SIGINT', onInterrupt)
      done(code)
    }
    const onInterrupt = (): void => {
      if (busy) return
      code = exitCode.interrupted
      stop()
    }
    const onKey = (data: Buffer): void => {
      for (const key of data.toString('utf8')) {
        if (key === '\u0003') {
          if (busy) process.kill(process.pid, 'SIGINT')
          else onInterrupt()
        } else if (busy) continue
        else if (key === 'q') stop()
        else if (key === '\r' || key === '\n') void runThese([...args])
        else if (key === 'f') {
          if (failed.length > 0) void runThese(failed)
          else process.stdout.write('nothing has failed\n')
        }
      }
    }
    process.on('SIGINT', onInterrupt)
    process.stdin.on('data', onKey)
    if (process.stdin.isTTY) process.stdin.setRawMode(true)
    process.stdin.resume()
    look()
    void runThese([...args])
  })
}
