import { describe, expect, it } from 'vitest'
import type { CriResult, PullRequest } from '../../../../runtime/container-runtime/cri.ts'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'
import { second } from '../../../../runtime/kernel/micros.ts'
import type { Context } from '../../../../runtime/kubelet/context.ts'
import type { PullCredentials } from '../../../../runtime/kubelet/docker-keyring.ts'
import { createImagePuller, type PullAnswer } from '../../../../runtime/kubelet/image-puller.ts'
import { defaultKubeletConfig, type KubeletConfig } from '../../../../runtime/kubelet/kubelet-config.ts'

const identity = { uid: 'a', name: 'a', namespace: 'default', labels: {}, annotations: {} }
const by = (username: string): PullCredentials => ({
  username,
  password: 'p',
  secret: { uid: username, namespace: 'default', name: username },
})

/** Each pull takes 10 s; those with a password that `refused` knows fail. */
const bench = (config: Partial<KubeletConfig>, refused: Readonly<Record<string, CriResult<string>>> = {}) => {
  const kernel = createKernel({ seed: '1' })
  const actor = kernel.actor('runtime')
  const log: string[] = []
  const runtime = {
    remote: true,
    pullImage(image: string, { credentials }: PullRequest, done: (result: CriResult<string>) => void) {
      log.push(
        `${kernel.now / second} begins ${image}${credentials === undefined ? '' : ` by ${credentials.username}`}`,
      )
      const answer = refused[credentials?.username ?? ''] ?? { ok: true, value: `id:${image}` }
      kernel.after(10 * second, actor, () => done(answer), { label: 'pull' })
    },
  }
  const life = { alive: true }
  const context = { kernel, runtime, life, config: { ...defaultKubeletConfig, ...config } } as unknown as Context
  const puller = createImagePuller(context)
  const pull = (image: string, credentials: readonly PullCredentials[] = []): void =>
    puller.pull({ image, identity, credentials }, (answer: PullAnswer) =>
      log.push(
        `${kernel.now / second} ${answer.ok ? `has ${answer.id} by ${answer.by?.username ?? 'nobody'}` : answer.error}`,
      ),
    )
  const run = (): readonly string[] => {
    while (kernel.step(1000 * second)) continue
    return log
  }
  return { pull, run, life, kernel }
}
const begins = (log: readonly string[]): readonly string[] => log.filter((line) => line.includes('begins'))

describe('pulls of a kubelet', () => {
  it.each<[Partial<KubeletConfig>, readonly string[]]>([
    [{}, ['0 begins a', '10 begins b', '20 begins c']],
    [{ serializeImagePulls: false }, ['0 begins a', '0 begins b', '0 begins c']],
    [{ serializeImagePulls: false, maxParallelImagePulls: 2 }, ['0 begins a', '0 begins b', '10 begins c']],
  ])('are as many at a time as %j allows, in the order of asking', (config, expected) => {
    const { pull, run } = bench(config)
    for (const image of ['a', 'b', 'c']) pull(image)
    expect(begins(run())).toEqual(expected)
  })

  it('are refused beyond their rate, and the next one waits for nobody', () => {
    const { pull, run } = bench({ serializeImagePulls: false, registryPullQPS: 1, registryBurst: 1 })
    pull('a')
    pull('b')
    expect(run()).toEqual(['0 begins a', '0 pull QPS exceeded', '10 has id:a by nobody'])
    const free = bench({ serializeImagePulls: false, registryPullQPS: 0 })
    for (let n = 0; n < 20; n += 1) free.pull(`${n}`)
    expect(begins(free.run()).length).toBe(20)
  })

  it('try one login after the other, and tell of all that failed', () => {
    const unknown = (message: string): CriResult<string> => ({ ok: false, code: 'Unknown', message })
    const refused = {
      a: unknown('no a'),
      b: unknown('no b'),
      c: { ok: false, code: 'NotFound', message: 'gone' } as const,
    }
    const some = bench({}, refused)
    some.pull('web', [by('a'), by('d')])
    expect(some.run().at(-1)).toBe('20 has id:web by d')
    const none = bench({}, refused)
    none.pull('web', [by('a'), by('b'), by('c')])
    expect(none.run().at(-1)).toBe('30 [no a, no b, rpc error: code = NotFound desc = gone]')
    const same = bench({}, { a: unknown('no'), b: unknown('no') })
    same.pull('web', [by('a'), by('b')])
    expect(same.run().at(-1)).toBe('20 no')
  })

  it('of a kubelet that has died are nobody’s', () => {
    const { pull, run, life } = bench({})
    pull('a')
    pull('b')
    life.alive = false
    expect(run()).toEqual(['0 begins a'])
  })
})
