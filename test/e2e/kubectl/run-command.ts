import { spawn } from 'node:child_process'

export interface Printed {
  readonly stdout: string
  readonly stderr: string
  readonly exit: number | 'interrupted'
}

const mostMillis = 60_000

/** A command of a shell in a folder; after `interruptAfter` milliseconds it gets a Ctrl-C. */
export const runCommand = (
  command: string,
  options: {
    readonly cwd: string
    readonly env: Readonly<Record<string, string>>
    readonly interruptAfter?: number | undefined
  },
): Promise<Printed> =>
  new Promise((done) => {
    const child = spawn('sh', ['-c', command], {
      cwd: options.cwd,
      env: { ...options.env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, err]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    let interrupted = false
    const signal = (name: NodeJS.Signals): void => {
      try {
        process.kill(-child.pid!, name)
      } catch {
        // It has ended by itself.
      }
    }
    const killer = setTimeout(() => signal('SIGKILL'), mostMillis)
    const interrupter =
      options.interruptAfter === undefined
        ? undefined
        : setTimeout(() => {
            interrupted = true
            signal('SIGINT')
          }, options.interruptAfter)
    let code = -1
    child.on('exit', (status) => {
      code = status ?? -1
      // What it left behind in the background does not keep us.
      setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, 3_000).unref()
    })
    child.on('close', () => {
      clearTimeout(killer)
      clearTimeout(interrupter)
      done({
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
        exit: interrupted ? 'interrupted' : code,
      })
    })
  })
