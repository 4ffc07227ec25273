import type { Hunt } from './jobs.ts'
import type { PlantedBug, Size } from './planted-bug.ts'

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? 0

const sum = ({ faults, holds, steps, objects }: Size): number => faults + holds + steps + objects
const sizeText = ({ faults, holds, steps, objects }: Size): string => `${faults} ${holds} ${steps} ${objects}`

interface Line {
  readonly bug: PlantedBug
  readonly hunts: readonly Hunt[]
  readonly runs: readonly number[]
  readonly first: Hunt | undefined
}

const linesOf = (bugs: readonly PlantedBug[], hunts: readonly Hunt[]): readonly Line[] =>
  bugs.map((bug) => {
    const own = hunts.filter((one) => one.bug === bug.name).sort((a, b) => (a.seed < b.seed ? -1 : 1))
    return { bug, hunts: own, runs: own.flatMap(({ run }) => (run === undefined ? [] : [run])), first: own[0] }
  })

/** What came of one hunt, as it comes. */
export const huntLine = ({ bug, seed, run, says, kept }: Hunt): string => {
  const small = kept === undefined ? '' : `; ${sizeText(kept.size)} after ${kept.shrinks} shrinks`
  return `${bug}, seed ${seed}: ${run === undefined ? 'NOT FOUND' : `run ${run}`}${small}; ${kept?.wrong ?? says}\n`
}

/** A line a bug: in how many runs it was found, and what was left of the failure beside what a human would have written. */
export const huntTable = (bugs: readonly PlantedBug[], hunts: readonly Hunt[]): string => {
  const lines = linesOf(bugs, hunts)
  const head = [
    'planted bug'.padEnd(62),
    'property'.padEnd(21),
    'found'.padStart(5),
    'median'.padStart(6),
    'worst'.padStart(5),
    'budget'.padStart(6),
    'shrinks'.padStart(7),
    'seconds'.padStart(7),
    'size'.padStart(9),
    'minimum'.padStart(9),
    'lines'.padStart(5),
  ].join(' ')
  const rows = lines.map(({ bug, hunts: own, runs, first }) =>
    [
      bug.name.padEnd(62),
      bug.property.padEnd(21),
      `${runs.length}/${own.length}`.padStart(5),
      String(runs.length === 0 ? 'NO' : median(runs)).padStart(6),
      String(runs.length === 0 ? '' : Math.max(...runs)).padStart(5),
      String(bug.budget).padStart(6),
      String(first?.kept?.shrinks ?? '').padStart(7),
      (first?.kept === undefined ? '' : (first.kept.milliseconds / 1000).toFixed(1)).padStart(7),
      (first?.kept === undefined ? '' : sizeText(first.kept.size)).padStart(9),
      sizeText(bug.minimum).padStart(9),
      String(first?.kept?.lines ?? '').padStart(5),
    ].join(' '),
  )
  const all = lines.flatMap((one) => one.runs)
  const kept = lines.flatMap(({ first, bug }) => (first?.kept === undefined ? [] : [{ bug, kept: first.kept }]))
  const found = lines.filter((one) => one.runs.length === one.hunts.length).length
  return `${[
    `${head}\n${' '.repeat(head.length - 38)}(sizes: faults, holds, steps, objects)`,
    ...rows,
    '',
    `${found} of ${lines.length} found with every seed; runs: median ${median(all)}, worst ${Math.max(0, ...all)}`,
    `sizes: median ${median(kept.map((one) => sum(one.kept.size)))}, worst ${Math.max(0, ...kept.map((one) => sum(one.kept.size)))}; of the hand-written minimum: median ${median(kept.map((one) => sum(one.bug.minimum)))}, worst ${Math.max(0, ...kept.map((one) => sum(one.bug.minimum)))}`,
    `found and shrunk in: median ${(median(kept.map((one) => one.kept.milliseconds)) / 1000).toFixed(1)} s, worst ${(Math.max(0, ...kept.map((one) => one.kept.milliseconds)) / 1000).toFixed(1)} s`,
    '',
  ].join('\n')}\n`
}

/** How much larger than the hand-written minimum the median shrunk failure may be (DEMi reached 1 to 4.6 times). */
const tolerated = 1.5

export const judgeHunts = (bugs: readonly PlantedBug[], hunts: readonly Hunt[]): readonly string[] => {
  const lines = linesOf(bugs, hunts)
  const ratio = median(
    lines.flatMap(({ bug, first }) => (first?.kept === undefined ? [] : [sum(first.kept.size) / sum(bug.minimum)])),
  )
  return [
    ...lines.flatMap(({ bug, hunts: own, first }) => [
      ...own
        .filter((one) => one.run === undefined)
        .map((one) => `"${bug.name}" was not found in ${bug.budget} runs with seed ${one.seed}: ${one.says}`),
      ...(first?.kept?.wrong === undefined ? [] : [`"${bug.name}": ${first.kept.wrong}`]),
    ]),
    ...(ratio > tolerated ? [`the median failure is ${ratio.toFixed(1)} times the hand-written minimum`] : []),
  ]
}
