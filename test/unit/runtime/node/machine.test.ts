import { describe, expect, it } from 'vitest'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'
import { createMachine } from '../../../../runtime/node/machine.ts'
import { nodeSpec } from '../kubelet/bench.ts'

describe('machine', () => {
  it('tells of its power, counts its boots and keeps its disk', () => {
    const kernel = createKernel({ seed: '1' })
    const entries: string[] = []
    const trace = {
      append: (_kind: string, _actor: unknown, action: string, subject: string): number =>
        entries.push(`${action} ${subject}`),
    }
    const machine = createMachine({ kernel, trace, spec: nodeSpec({ images: ['web:v1'] }) })
    const heard: boolean[] = []
    const stop = machine.subscribe((powered) => heard.push(powered))
    machine.powerOff()
    machine.powerOff()
    expect(machine.powered).toBe(false)
    machine.powerOn()
    stop()
    machine.powerOff()
    expect(heard).toEqual([false, true])
    expect(machine.boot).toBe(2)
    expect([...machine.disk.images.keys()]).toEqual(['web:v1'])
    expect(entries).toEqual(['powerOn', 'powerOff', 'powerOn', 'powerOff'].map((action) => `${action} machines/node-1`))
  })
})
