import type { FaultHandle } from '../faults/fault.ts'
import type { Run } from './run.ts'

/** A statement of the script that did nothing, and why. */
export interface Vain {
  readonly statement: FaultHandle['statement']
  readonly message: string
}

/** Faults that met nothing to strike whenever they were injected, and heals of what no fault had struck. */
export const vainFaults = (run: Run): readonly Vain[] => {
  const byStatement = new Map<FaultHandle['statement'], FaultHandle[]>()
  for (const fault of run.faults) {
    const known = byStatement.get(fault.statement)
    if (known === undefined) byStatement.set(fault.statement, [fault])
    else known.push(fault)
  }
  const vain: Vain[] = []
  for (const [statement, faults] of byStatement) {
    if (faults.some((fault) => fault.struck)) continue
    vain.push({ statement, message: `vacuous: this fault never struck: ${faults[0]!.vain}` })
  }
  for (const statement of run.vainHeals)
    vain.push({ statement, message: 'vacuous: there was nothing to heal: no fault had struck it before' })
  return vain
}
