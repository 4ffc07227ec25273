import { durationText } from '../runtime/expect/text-of.ts'
import type { Exploration } from '../runtime/record/exploration.ts'
import type { Record } from '../runtime/record/record.ts'
import type { Paint } from './paint.ts'

const runsOf = (count: number): string => `${count} ${count === 1 ? 'run' : 'runs'}`

/** `run 27 of 1000, 41 shrinks`, or what was explored. */
export const explorationNote = ({ failure, runs, budget, total, shard, cut }: Exploration): string => {
  const part = shard === undefined ? '' : `, shard ${shard.index}/${shard.count}`
  if (failure !== undefined) {
    const more = failure.cut === true ? ', and more might go' : ''
    const ended = cut === undefined ? '' : `; ${cut}`
    return `run ${failure.run} of ${total}${part}, ${failure.shrinks} shrinks${more}${ended}`
  }
  return `${cut === undefined ? runsOf(runs) : `only ${runs} of ${runsOf(shard === undefined ? total : budget)}: ${cut}`}${part}`
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

/** What an exploration says besides its finding: the counterexample, its size, what was covered, how to see it again. */
export const explorationLines = (record: Record, paint: Paint): readonly string[] => {
  const { exploration } = record
  if (exploration === undefined) return []
  const { failure, coverage, strategies } = exploration
  const rows: (readonly [string, string])[] = []
  if (failure !== undefined) {
    for (const [index, input] of failure.inputs.entries()) {
      const steps = input.steps === undefined || input.steps.length < 2 ? undefined : input.steps
      const head = `${input.name} = ${steps === undefined ? input.text : '['}`
      rows.push([index === 0 ? 'inputs' : '', head])
      for (const step of steps ?? []) rows.push(['', `  ${step}`])
      if (steps !== undefined) rows.push(['', ']'])
    }
    for (const [index, line] of failure.schedule.entries()) rows.push([index === 0 ? 'schedule' : '', line])
    const { faults, holds, steps, objects, statements } = failure.size
    rows.push([
      'size',
      [
        counted(faults, 'fault', 'faults'),
        counted(holds, 'hold', 'holds'),
        counted(steps, 'step', 'steps'),
        counted(objects, 'object', 'objects'),
        counted(statements, 'statement', 'statements'),
      ].join(', '),
    ])
    rows.push(['verdict', `${failure.verdict}, ended at t=${durationText(record.duration)}`])
    const { livelock } = failure
    if (livelock !== undefined)
      rows.push([
        '',
        `${livelock.process} did the same ${livelock.rounds} times in a row: ${livelock.round.join(', ')}`,
      ])
  }
  const drawn = Object.entries(strategies).map(([name, count]) => `${name} ${count}`)
  if (failure !== undefined || coverage.length > 0)
    for (const [index, one] of coverage.entries())
      rows.push([index === 0 ? 'coverage' : '', `${one.sentence}: reached in ${runsOf(one.reached)}`])
  if (exploration.scope !== undefined) rows.push(['scope', exploration.scope])
  const { compared } = exploration
  if (failure === undefined && compared?.first !== undefined)
    rows.push([
      'compared',
      `${compared.otherwise} of ${compared.runs} runs that were struck once came to another end than the undisturbed run; run ${compared.first.run}: ${compared.first.difference}`,
    ])
  if (drawn.length > 1) rows.push(['schedules', drawn.join(', ')])
  if (failure !== undefined) {
    rows.push(['replay', `kscn replay ${failure.token}`])
    if (failure.example !== '') rows.push(['pin it', failure.example])
  }
  return rows.map(([name, text]) => `  ${paint('faint', name.padEnd(9))}  ${text}`)
}
