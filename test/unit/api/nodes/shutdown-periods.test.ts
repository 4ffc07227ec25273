import { describe, expect, it } from 'vitest'
import { parseShutdownPeriods, shutdownPeriods } from '../../../../api/nodes/shutdown-periods.ts'

describe('the periods of a shutdown', () => {
  it.each([
    [0, 0, []],
    [
      30,
      10,
      [
        [0, 20],
        [2_000_000_000, 10],
      ],
    ],
    [
      30,
      30,
      [
        [0, 0],
        [2_000_000_000, 30],
      ],
    ],
    [
      30,
      0,
      [
        [0, 30],
        [2_000_000_000, 0],
      ],
    ],
    [10, 20, []],
  ] as const)('%s s, of which %s s for critical pods', (total, critical, expected) => {
    expect(shutdownPeriods(total, critical, []).map((one) => [one.priority, one.seconds])).toEqual(expected)
  })

  it('go from the lowest priority to the highest', () => {
    const given = [
      { priority: 10, seconds: 1 },
      { priority: -5, seconds: 2 },
    ]
    expect(shutdownPeriods(30, 10, given).map((one) => one.priority)).toEqual([-5, 10])
  })

  it.each([
    ['0=20', [[0, 20]]],
    [
      '0=20s, 1000 = 5',
      [
        [0, 20],
        [1000, 5],
      ],
    ],
    ['-1=3', [[-1, 3]]],
    ['', undefined],
    ['20', undefined],
    ['0=20,', undefined],
    ['0=1m', undefined],
    ['high=3', undefined],
  ])('%s', (text, expected) => {
    expect(parseShutdownPeriods(text)?.map((one) => [one.priority, one.seconds])).toEqual(expected)
  })
})
