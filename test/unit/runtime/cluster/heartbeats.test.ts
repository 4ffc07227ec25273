import { describe, expect, it } from 'vitest'
import { createHeartbeats } from '../../../../runtime/cluster/create-heartbeats.ts'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'

const setUp = () => {
  const kernel = createKernel({ seed: 's' })
  const board = createHeartbeats(kernel)
  const changes: string[] = []
  board.subscribe((node, beating) => changes.push(`${kernel.now} ${node} ${beating}`))
  return { kernel, board, changes }
}

describe('heartbeats', () => {
  it('computes the last renewal from first and period, without a single event', () => {
    const { kernel, board } = setUp()
    board.beat('n', 3, 10)
    expect(board.last('n')).toBeUndefined()
    expect(board.last('stranger')).toBeUndefined()
    for (const [now, last] of [
      [3, 3],
      [12, 3],
      [13, 13],
      [1000, 993],
    ]) {
      kernel.idleUntil(now!)
      expect(board.last('n')).toBe(last)
    }
    expect(kernel.eventCount).toBe(0)
  })

  it('freezes at silence and goes on at a new phase', () => {
    const { kernel, board, changes } = setUp()
    board.beat('n', 0, 10)
    kernel.idleUntil(25)
    board.silence('n')
    board.silence('n')
    kernel.idleUntil(100)
    expect([board.last('n'), board.beating('n')]).toEqual([20, false])
    board.beat('n', 104, 10)
    kernel.idleUntil(103)
    expect(board.last('n')).toBe(20)
    kernel.idleUntil(114)
    expect(board.last('n')).toBe(114)
    expect(changes).toEqual(['0 n true', '25 n false', '100 n true'])
  })

  it('is silent while either the kubelet is down or the network is cut', () => {
    const { kernel, board, changes } = setUp()
    board.beat('n', 0, 10)
    kernel.idleUntil(15)
    board.connected('n', false)
    board.silence('n')
    board.connected('n', true)
    expect(board.beating('n')).toBe(false)
    kernel.idleUntil(32)
    board.beat('n', 32, 10)
    expect(board.beating('n')).toBe(true)
    expect(board.last('n')).toBe(32)
    expect(changes).toEqual(['0 n true', '15 n false', '32 n true'])
  })
})
