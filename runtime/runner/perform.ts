import type { ApiResponse } from '../../api/protocol/response.ts'
import type { Judge } from '../expect/judge.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { JudgeBoard } from './judge-board.ts'
import type { SettleWatch } from './settle-watch.ts'
import type { Track } from './track.ts'
import type { JudgeAnswer, Wait } from './wait.ts'

export interface Performer {
  /** Arranges that `resume` is called when what the track waits for has come. */
  perform(wait: Wait, track: Track, resume: (answer: unknown) => void): void
  /** The scenario ends: endless loops are told so. */
  cutTicks(): void
}

export interface PerformerOptions {
  readonly kernel: Kernel
  readonly board: JudgeBoard
  readonly settling: SettleWatch
  /** The script stands still: nothing of it goes on. */
  readonly halted: (track: Track) => boolean
  readonly ending: () => boolean
}

/** How tracks wait. A track goes on only after all cluster work of its instant. */
export const createPerformer = ({ kernel, board, settling, halted, ending }: PerformerOptions): Performer => {
  const cuts = new Set<() => void>()

  const judge = (judge: Judge, decided: ((answer: JudgeAnswer) => void) | undefined, at: Resumes): void => {
    let immediate = true
    let answered = false
    const answer = (given: JudgeAnswer): void => {
      answered = true
      if (at.halted()) return
      // The state that decided is described before anything else happens.
      decided?.(given)
      if (immediate) at.now(given)
      else at.later(given)
    }
    const remove = board.add(judge, {
      ruled: (ruling) => answer({ ruling }),
      broken: (error) => answer({ error }),
    })
    immediate = false
    if (answered || judge.operator.settled === undefined) return
    settling.wait(undefined, () => {
      const ruling = answered ? undefined : judge.settled(kernel.now)
      if (ruling === undefined) return
      remove()
      answer({ ruling })
    })
  }

  const tick = (at: number, track: Track, resumes: Resumes): void => {
    if (ending()) return resumes.now(false)
    const timer = kernel.at(at, track.actor, () => {
      cuts.delete(cut)
      if (!resumes.halted()) resumes.now(true)
    })
    const cut = (): void => {
      kernel.cancel(timer)
      resumes.later(false)
    }
    cuts.add(cut)
  }

  return {
    perform(wait, track, resume) {
      const at: Resumes = {
        now: resume,
        halted: () => halted(track),
        later: (answer) => {
          kernel.at(kernel.now, track.actor, () => {
            if (!halted(track)) resume(answer)
          })
        },
      }
      switch (wait.kind) {
        case 'request':
          track.transport.send(wait.request, at.later)
          return
        case 'requests': {
          const answers: ApiResponse[] = []
          let open = wait.requests.length
          if (open === 0) resume(answers)
          for (const [index, request] of wait.requests.entries()) {
            track.transport.send(request, (response) => {
              answers[index] = response
              open -= 1
              if (open === 0) at.later(answers)
            })
          }
          return
        }
        case 'time':
          kernel.at(wait.at, track.actor, () => {
            if (!halted(track)) resume(undefined)
          })
          return
        case 'tick':
          return tick(wait.at, track, at)
        case 'judge':
          return judge(wait.judge, wait.decided, at)
        case 'settle':
          settling.wait(wait.deadline, at.later)
          return
        case 'tracks': {
          const waited = wait.tracks.filter((one) => !one.done)
          let open = waited.length
          if (open === 0) return resume(undefined)
          for (const one of waited) {
            one.finished.push(() => {
              open -= 1
              if (open === 0) at.later(undefined)
            })
          }
          return
        }
        case 'halt':
      }
    },
    cutTicks() {
      for (const cut of [...cuts]) cut()
      cuts.clear()
    },
  }
}

/** `now` goes on in this very call, `later` in this instant, after the cluster. */
interface Resumes {
  readonly halted: () => boolean
  readonly now: (answer: unknown) => void
  readonly later: (answer: unknown) => void
}
