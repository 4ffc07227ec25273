import { describe, expect, it } from 'vitest'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import { resizeMessage } from '../../../../runtime/kubelet/resize-message.ts'

const pod = (spec: object): Pod => ({ metadata: { name: 'web' }, spec, status: {} }) as unknown as Pod

// pkg/kubelet/events: TestPodResizeCompletedMsg
describe('the message of a resize', () => {
  it('lists containers behind init containers, with sorted resources', () => {
    const requests = { memory: '100', cpu: '100m' }
    const spec = {
      initContainers: [{ name: 'c0', resources: { requests: { cpu: '100m' }, limits: { cpu: '200m' } } }],
      containers: [{ name: 'c1', resources: { requests } }, { name: 'c2' }],
    }
    expect(resizeMessage('Pod resize completed', pod(spec), 2)).toBe(
      'Pod resize completed: {"initContainers":[{"name":"c0","resources":{"limits":{"cpu":"200m"},"requests":{"cpu":"100m"}}}],' +
        '"containers":[{"name":"c1","resources":{"requests":{"cpu":"100m","memory":"100"}}},{"name":"c2","resources":{}}],"generation":2}',
    )
  })
  it("tells an error, with the signs that Go's JSON escapes", () => {
    expect(resizeMessage('Pod resize error', pod({ containers: [] }), 3, 'a < b & "c"')).toBe(
      'Pod resize error: {"containers":[],"generation":3,"error":"a \\u003c b \\u0026 \\"c\\""}',
    )
  })
})
