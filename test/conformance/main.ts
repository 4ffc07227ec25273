import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import type { Area, ConformanceCase } from './area.ts'
import { caseFiles, readLines } from './read-cases.ts'

// npm run conformance -- [--data DIR] [--area a,b] [--case ID] [--json] [--list] [--floors FILE]
const here = dirname(fileURLToPath(import.meta.url))
const { values: flags } = parseArgs({
  options: {
    data: { type: 'string' },
    area: { type: 'string' },
    case: { type: 'string' },
    json: { type: 'boolean' },
    /** Prints the ids of cases that disagree. */
    list: { type: 'boolean' },
    /** Exits 0 if no area has sunk below its floor in this file. */
    floors: { type: 'string' },
  },
})
const shared = resolve(here, '../../../shared/conformance')
const data = flags.data !== undefined ? resolve(flags.data) : existsSync(shared) ? shared : join(here, 'sample')
if (!existsSync(data)) {
  process.stderr.write(`conformance: there is no folder ${data}\n`)
  process.exit(2)
}
const present = readdirSync(data, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort()
const wanted = flags.area?.split(',') ?? present
const strangers = wanted.filter((name) => !present.includes(name))
if (strangers.length > 0) {
  process.stderr.write(`conformance: no area ${strangers.join(', ')} in ${data}; there are ${present.join(', ')}\n`)
  process.exit(2)
}
const deviations = (parse(readFileSync(join(here, 'deviations.yaml'), 'utf8')) ?? {}) as Record<
  string,
  Record<string, string>
>

const areaOf = async (name: string): Promise<Area | undefined> => {
  const path = join(here, 'areas', `${name}.ts`)
  return existsSync(path) ? ((await import(path)) as { area: Area }).area : undefined
}
const countCases = (name: string): number => {
  const folder = join(data, name)
  return caseFiles(folder).reduce((sum, file) => sum + readLines(file).length, 0)
}

interface Line {
  area: string
  agree: number
  /** Of an area that tells it: how many agree but for their moments. */
  inSequence?: number
  of: number
  excused: number
  disagreeing: string[]
}
const agreesUntimed = (one: ConformanceCase): boolean => {
  try {
    return one.untimed?.() === undefined
  } catch {
    return false
  }
}
const lines: Line[] = []
let shown = 0
for (const name of wanted) {
  const area = await areaOf(name)
  const line: Line = { area: name, agree: 0, of: 0, excused: 0, disagreeing: [] }
  if (area === undefined) line.of = countCases(name)
  else {
    for (const one of area.cases(join(data, name))) {
      if (flags.case !== undefined && one.id !== flags.case) continue
      line.of += 1
      let difference: string | undefined
      try {
        difference = one.run()
      } catch (error) {
        difference = `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
      }
      if (one.untimed !== undefined) {
        const inOrder = difference === undefined || agreesUntimed(one)
        line.inSequence = (line.inSequence ?? 0) + (inOrder ? 1 : 0)
      }
      if (difference === undefined) line.agree += 1
      else if (deviations[name]?.[one.id] !== undefined) line.excused += 1
      else line.disagreeing.push(one.id)
      if (flags.case !== undefined) {
        shown += 1
        process.stdout.write(`${one.id}  (${name}/${basename(one.file)})\n${difference ?? 'agrees'}\n`)
      }
    }
  }
  lines.push(line)
  if (flags.case === undefined && flags.json !== true) {
    const excused = line.excused > 0 ? `, ${line.excused} known deviations` : ''
    const told =
      line.inSequence === undefined
        ? `${line.agree} of ${line.of} agree`
        : `${line.inSequence} of ${line.of} agree in their sequence, ${line.agree} of ${line.of} with their times`
    process.stdout.write(`${name}: ${told}${excused}\n`)
    if (flags.list === true) for (const id of line.disagreeing) process.stdout.write(`  ${id}\n`)
  }
}
if (flags.case !== undefined && shown === 0) {
  process.stderr.write(`conformance: no case ${flags.case} in ${wanted.join(', ')}\n`)
  process.exit(2)
}
if (flags.json === true)
  process.stdout.write(`${JSON.stringify({ schemaVersion: 1, data, areas: lines }, undefined, 2)}\n`)
if (flags.floors !== undefined) {
  const all = parse(readFileSync(flags.floors, 'utf8')) as Record<'recorded' | 'sample', Record<string, number>>
  const floors = all[data === join(here, 'sample') ? 'sample' : 'recorded']
  const unheld = present.filter((name) => floors[name] === undefined)
  for (const name of unheld) process.stdout.write(`${name}: no floor in ${flags.floors}\n`)
  const low = lines.filter((line) => line.agree < (floors[line.area] ?? 0))
  for (const line of low) process.stdout.write(`${line.area}: ${line.agree} agree, the floor is ${floors[line.area]}\n`)
  process.exit(low.length + unheld.length > 0 ? 1 : 0)
}
process.exit(lines.some((line) => line.agree + line.excused < line.of) ? 1 : 0)
