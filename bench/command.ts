import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../cli/bin.mjs', import.meta.url))

/** Runs the built command line, cold. */
export const command = (args: readonly string[]): void => {
  const child = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' })
  if (child.status !== 0)
    throw new Error(`kscn ${args.join(' ')}: exit ${child.status}\n${child.stdout}${child.stderr}`)
}

/** Peak memory of one more run of the command, told by the process itself as it ends. */
export const commandPeak = (args: readonly string[]): number => {
  const preload =
    'data:text/javascript,process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS))'
  const child = spawnSync(process.execPath, ['--import', preload, bin, ...args], { encoding: 'utf8' })
  return Number(/peak (\d+)$/.exec(child.stderr)?.[1] ?? 0) * 1024
}
