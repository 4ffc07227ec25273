import { describe, expect, it } from 'vitest'
import { blame, fitError, newDiagnosis } from '../../../../runtime/scheduler/diagnosis.ts'
import { status } from '../../../../runtime/scheduler/status.ts'
import { eventNote } from '../../../../runtime/scheduler/texts.ts'

describe('why a pod does not fit', () => {
  it('counts reasons and sorts them as text, so that ten comes before two', () => {
    const diagnosis = newDiagnosis()
    for (let slot = 0; slot < 12; slot += 1) {
      const text = slot < 10 ? 'Insufficient cpu' : 'node(s) had untolerated taint(s)'
      diagnosis.nodeStatus.set(slot, status('x', 'Unschedulable', text))
    }
    diagnosis.postFilterMessage = 'preemption: no'
    expect(fitError(diagnosis, 12)).toBe(
      '0/12 nodes are available: 10 Insufficient cpu, 2 node(s) had untolerated taint(s). preemption: no',
    )
  })

  it('counts nodes that were not looked at with what is known of all of them', () => {
    const diagnosis = newDiagnosis()
    diagnosis.nodeStatus.set(0, status('x', 'Unschedulable', 'Insufficient cpu'))
    diagnosis.absent = status('', 'UnschedulableAndUnresolvable', "node(s) didn't satisfy plugin(s) [NodeAffinity]")
    expect(fitError(diagnosis, 3)).toBe(
      "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity].",
    )
  })

  it('gives the PreFilter’s reason once, whatever the nodes are', () => {
    const diagnosis = newDiagnosis()
    diagnosis.preFilterMessage = 'pod has unbound immediate PersistentVolumeClaims'
    expect(fitError(diagnosis, 3)).toBe('0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.')
  })

  it('blames the plugin behind a refusal, and nobody for an error', () => {
    const diagnosis = newDiagnosis()
    blame(diagnosis, status('A', 'Unschedulable'))
    blame(diagnosis, status('B', 'Pending'))
    blame(diagnosis, status('C', 'Error'))
    blame(diagnosis, status('', 'Unschedulable'))
    expect([...diagnosis.unschedulablePlugins]).toEqual(['A', 'B'])
    expect([...diagnosis.pendingPlugins]).toEqual(['B'])
  })

  it('cuts the event’s note at 1024 bytes, not characters', () => {
    expect(eventNote('x'.repeat(1024))).toHaveLength(1024)
    expect(eventNote('x'.repeat(1025))).toBe(`${'x'.repeat(1020)} ...`)
    expect(new TextEncoder().encode(eventNote('é'.repeat(600))).length).toBeLessThanOrEqual(1024)
  })
})
