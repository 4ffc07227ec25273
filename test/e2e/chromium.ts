import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/** A Chromium of this machine: $CHROMIUM, or what is in PATH. */
export const chromiumPath = (): string | undefined => {
  const named = process.env['CHROMIUM']
  if (named !== undefined && named !== '') return named
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path))
}
