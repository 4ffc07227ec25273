import { bugs } from './bugs.ts'
import { exploreClean } from './clean.ts'
import { hunt } from './hunt.ts'
import type { Answer, Job } from './jobs.ts'

// A process of the zoo: it is sent jobs, one at a time, and answers each.

const answerOf = (job: Job): Answer => {
  if (job.kind === 'clean') return exploreClean(job)
  const bug = bugs.find((one) => one.name === job.bug)
  if (bug === undefined) throw new Error(`no bug is named ${job.bug}`)
  return hunt(bug, job.seed, job.shrink)
}

process.on('message', (job: Job) => {
  process.send!(answerOf(job))
})
