import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Answer, Job } from './jobs.ts'

const file = fileURLToPath(new URL('./worker.ts', import.meta.url))

/** Has the jobs done by so many processes; each answer is told as it comes, which is in no particular order. */
export const workOff = async (
  jobs: readonly Job[],
  processes: number,
  told: (answer: Answer) => void,
): Promise<void> => {
  let next = 0
  const serve = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child: ChildProcess = fork(file, { execArgv: ['--import', 'tsx'] })
      let job: Job | undefined
      const give = (): void => {
        job = jobs[next]
        next += 1
        if (job === undefined) child.disconnect()
        else child.send(job)
      }
      child.on('message', (answer: Answer) => {
        told(answer)
        give()
      })
      child.on('error', reject)
      child.on('exit', (code) => {
        if (job === undefined) resolve()
        else reject(new Error(`a worker ended with ${String(code)} over ${JSON.stringify(job)}`))
      })
      give()
    })
  await Promise.all(Array.from({ length: Math.min(processes, Math.max(1, jobs.length)) }, serve))
}
