import { describe, expect, it } from 'vitest'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import { createPodTable } from '../../../../runtime/kubelet/pod-table.ts'

const pod = (name: string, uid: string, phase = 'Pending'): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid },
    status: { phase },
  }) as unknown as Pod

describe('pod table', () => {
  it('finds pods by uid and by name, also while two bear one name', () => {
    const table = createPodTable()
    const old = pod('web-0', 'u1')
    const next = pod('web-0', 'u2')
    table.keep(old)
    table.keep(pod('web-1', 'u3'))
    table.keep(next)
    expect(table.namesakes(pod('web-0', 'u9'))).toEqual([old, next])
    const changed = pod('web-0', 'u1', 'Running')
    table.keep(changed)
    expect(table.namesakes(next)).toEqual([changed, next])
    table.drop(changed)
    expect(table.namesakes(next)).toEqual([next])
    table.drop(next)
    expect(table.namesakes(next)).toEqual([])
    expect([...table.byUid.keys()]).toEqual(['u3'])
    table.drop(next)
    expect(table.byUid.size).toBe(1)
  })
})
