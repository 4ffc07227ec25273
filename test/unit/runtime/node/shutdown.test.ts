import { describe, expect, it } from 'vitest'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'
import { second } from '../../../../runtime/kernel/micros.ts'
import { createShutdown, type Shutdown } from '../../../../runtime/node/shutdown.ts'

const bench = (): {
  readonly shutdown: Shutdown
  readonly told: string[]
  readonly begin: () => void
  readonly run: (until: number) => void
} => {
  const kernel = createKernel({ seed: '1' })
  const shutdown = createShutdown(kernel, kernel.actor('machine/a'))
  const told: string[] = []
  shutdown.subscribe((underWay) => told.push(underWay ? 'begins' : 'called off'))
  return {
    shutdown,
    told,
    begin: () => shutdown.begin(() => told.push(`off at ${kernel.now / second}`)),
    run(until) {
      while (kernel.step(until * second)) continue
      kernel.idleUntil(until * second)
    },
  }
}

describe('a shutdown', () => {
  it('waits for nobody who has not asked for it', () => {
    const { begin, run, told } = bench()
    begin()
    run(10)
    expect(told).toEqual(['begins', 'off at 1'])
  })

  it('waits until the last lock is released', () => {
    const { shutdown, begin, run, told } = bench()
    const first = shutdown.inhibit(20 * second)
    const last = shutdown.inhibit(30 * second)
    begin()
    run(5)
    first()
    run(7)
    expect(told).toEqual(['begins'])
    last()
    last()
    run(40)
    expect(told).toEqual(['begins', 'off at 8'])
  })

  it('waits no longer than the longest that was asked for, and 5 s at least', () => {
    for (const [asked, off] of [
      [20, 21],
      [1, 6],
    ] as const) {
      const { shutdown, begin, run, told } = bench()
      shutdown.inhibit(asked * second)
      begin()
      run(60)
      expect(told).toEqual(['begins', `off at ${off}`])
    }
  })

  it('begins once, and gives no lock from then on', () => {
    const { shutdown, begin, run, told } = bench()
    begin()
    begin()
    shutdown.inhibit(20 * second)
    expect(shutdown.underWay).toBe(true)
    run(60)
    expect(told).toEqual(['begins', 'off at 1'])
    expect(shutdown.underWay).toBe(false)
  })

  it('can be called off, and begin again', () => {
    const { shutdown, begin, run, told } = bench()
    shutdown.callOff()
    const release = shutdown.inhibit(20 * second)
    begin()
    run(3)
    shutdown.callOff()
    run(60)
    release()
    begin()
    run(90)
    expect(told).toEqual(['begins', 'called off', 'begins', 'off at 61'])
  })

  it('is over when the power goes otherwise', () => {
    const { shutdown, begin, run, told } = bench()
    shutdown.inhibit(20 * second)
    begin()
    shutdown.over()
    run(60)
    expect(told).toEqual(['begins'])
    expect(shutdown.underWay).toBe(false)
  })
})
