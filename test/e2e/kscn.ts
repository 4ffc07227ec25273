import { spawnSync } from 'node:child_process'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root: string = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

export interface Outcome {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs the built command line as a user does, in the repository's root, 80 columns wide and without colour. */
export const kscn = (
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Outcome => {
  const child = spawnSync(process.execPath, [resolve(root, 'cli/bin.mjs'), ...args], {
    cwd: options.cwd ?? root,
    input: options.input ?? '',
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', COLUMNS: '80', ...options.env },
  })
  return { code: child.status, out: child.stdout, err: child.stderr }
}
