import { describe, expect, it } from 'vitest'
import type { ContainerRuntime, RuntimeContainer } from '../../../../runtime/container-runtime/cri.ts'
import { terminationMessage } from '../../../../runtime/kubelet/termination-message.ts'

const said = (
  lines: readonly string[],
  more: { readonly state?: string; readonly exitCode?: number; readonly reason?: string; readonly message?: string },
  messageFromLog = true,
): string =>
  terminationMessage(
    { log: () => lines.map((text) => ({ at: 0, text })) } as unknown as ContainerRuntime,
    {
      id: 'a',
      config: messageFromLog ? { messageFromLog } : {},
      state: 'exited',
      exitCode: 1,
      reason: 'Error',
      message: '',
      ...more,
    } as unknown as RuntimeContainer,
  )

describe('the termination message', () => {
  it.each([
    [['a', 'b'], {}, 'a\nb\n'],
    [['a'], { message: 'runtime' }, 'runtime: a\n'],
    [[], { message: 'runtime' }, 'runtime'],
    [['a'], { exitCode: 0 }, ''],
    [['a'], { state: 'running' }, ''],
    [['a'], { reason: 'ContainerCannotRun' }, ''],
  ])('of %j with %j', (lines, more, expected) => {
    expect(said(lines, more)).toBe(expected)
  })

  it('is not looked for in the log unless the container wants it', () => {
    expect(said(['a'], { message: 'runtime' }, false)).toBe('runtime')
  })

  it('is 80 lines at most, and 2048 bytes of whole characters', () => {
    expect(
      said(
        Array.from({ length: 100 }, (_, index) => String(index)),
        {},
      ).split('\n'),
    ).toHaveLength(81)
    expect(said(['x'.repeat(5000)], {})).toBe(`${'x'.repeat(2047)}\n`)
    expect(said(['ü'.repeat(5000)], {})).toBe(`${'ü'.repeat(1023)}\n`)
  })
})
