import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RegistrySpec } from '../../../../dsl/plan/cluster-spec.ts'
import type { Credentials, PodIdentity } from '../../../../runtime/container-runtime/cri.ts'
import { engineOf } from '../../../../runtime/container-runtime/engines/engine-of.ts'
import type { PullOutcome, RuntimeBehavior } from '../../../../runtime/container-runtime/runtime-behavior.ts'
import { second } from '../../../../runtime/kernel/micros.ts'
import { createRegistries, type Registries } from '../../../../runtime/registry/create-registries.ts'
import type { Disk } from '../../../../runtime/node/machine.ts'
import { nodeSpec } from '../kubelet/bench.ts'

const mebi = 1024 * 1024
const pod: PodIdentity = { uid: 'a', name: 'a', namespace: 'default', labels: {}, annotations: {} }
const registry = (said: Partial<RegistrySpec>): RegistrySpec => ({
  name: 'docker.io', span: { file: '', start: 0, end: 0 }, host: 'docker.io', latency: 0, bandwidth: undefined,
  rateLimit: undefined, logins: [], images: [], missing: [], forbidden: [], ...said,
}) // prettier-ignore
const login = { user: 'robot', password: 's3cret' }

interface Node {
  pull(image: string, credentials?: Credentials): PullOutcome
  readonly disk: Disk
  readonly registries: Registries
  powerOff(): void
  now: number
}

/** A node whose pulls arrive at once, if they arrive. */
const node = (specs: readonly RegistrySpec[], planned: Partial<PullOutcome> = {}, bandwidth = 100 * mebi): Node => {
  const clock = { now: -second }
  const registries = createRegistries(clock, specs)
  const disk = { images: new Map() } as unknown as Disk
  let lost = (): void => undefined
  const machine = {
    disk,
    spec: nodeSpec({ bandwidth }),
    subscribe(listener: (powered: boolean) => void) {
      lost = () => listener(false)
      return () => undefined
    },
  }
  const behavior = { pull: () => ({ takes: second, size: 10 * mebi, ...planned }) } as unknown as RuntimeBehavior
  const over = registries.over(behavior, { machine, engine: engineOf() })
  return {
    pull: (image, credentials) => over.pull(image, pod, credentials),
    disk,
    registries,
    powerOff: () => lost(),
    get now() {
      return clock.now
    },
    set now(time) {
      clock.now = time
    },
  }
}
const arrives = (one: Node, image: string): PullOutcome => {
  const outcome = one.pull(image)
  const { size, layers } = outcome
  if (outcome.error === undefined)
    one.disk.images.set(image, { size, pulledAt: one.now, ...(layers === undefined ? {} : { layers }) })
  return outcome
}

describe('a registry', () => {
  it.each<[string, Partial<RegistrySpec>, string, Credentials | undefined, string | undefined]>([
    ['holds anything', {}, 'web:v1', undefined, undefined],
    ['holds what it lists', { images: [{ glob: 'web:*', layers: [] }] }, 'web:v1', undefined, undefined],
    [
      'lists names with their path',
      { images: [{ glob: 'library/web:*', layers: [] }] },
      'web:v1',
      undefined,
      undefined,
    ],
    ['holds nothing else', { images: [{ glob: 'web:*', layers: [] }] }, 'db:v1', undefined, 'v1: not found'],
    ['may miss one of them', { missing: ['web:v9'] }, 'web:v9', undefined, 'v9: not found'],
    ['knows tags that are not said', { missing: ['web:latest'] }, 'web', undefined, 'latest: not found'],
    ['wants a login', { logins: [login] }, 'web:v1', undefined, 'insufficient_scope'],
    ['takes one', { logins: [login] }, 'web:v1', { username: 'robot', password: 's3cret' }, undefined],
    ['takes no other', { logins: [login] }, 'web:v1', { username: 'robot', password: 'x' }, '401 Unauthorized'],
    [
      'forbids',
      { logins: [login], forbidden: ['web:*'] },
      'web:v1',
      { username: 'robot', password: 's3cret' },
      'pull access denied',
    ],
    ['is no other', { host: 'ghcr.io', missing: ['*'] }, 'web:v1', undefined, undefined],
  ])('%s', (...[, said, image, credentials, error]) => {
    const outcome = node([registry(said)]).pull(image, credentials)
    if (error === undefined) expect(outcome.error).toBeUndefined()
    else expect(outcome.error?.message).toContain(error)
  })

  it('answers after its latency, also what it refuses', () => {
    const one = node([registry({ latency: 20, missing: ['b:*'] })])
    expect(one.pull('b:1').takes).toBe(20)
    expect(one.pull('a:1').takes).toBe(20 + second / 10)
  })

  it('fetches by the smaller bandwidth, unless a behaviour knows the time', () => {
    const slow = registry({ bandwidth: 5 * mebi })
    expect(node([slow]).pull('a:1').takes).toBe(2 * second)
    expect(node([slow], {}, mebi).pull('a:1').takes).toBe(10 * second)
    expect(node([slow], { said: 'time', takes: 7 }).pull('a:1').takes).toBe(7)
    expect(node([slow], { said: 'size', size: 50 * mebi }).pull('a:1')).toMatchObject({
      takes: 10 * second,
      size: 50 * mebi,
    })
  })

  it('is asked, and nothing is fetched, for what is there', () => {
    const one = node([registry({ latency: 20, bandwidth: 1 })])
    arrives(one, 'a:1')
    expect(one.pull('a:1').takes).toBe(20)
    expect(node([]).pull('a:1').takes).toBe(second)
  })

  it('is away or slow by its name, its host or with all others, until that is healed', () => {
    const one = node([registry({ name: 'main', host: 'ghcr.io' })])
    for (const name of ['main', 'ghcr.io', '*']) {
      const heal = one.registries.disturb(name, { kind: 'down' })
      expect(one.pull('ghcr.io/a:1').error?.message).toContain('i/o timeout')
      if (name !== '*') expect(one.pull('a:1').error).toBeUndefined()
      heal()
    }
    one.registries.disturb('main', { kind: 'slow', by: 5 })
    expect(one.pull('ghcr.io/b:1')).toMatchObject({ takes: 5 + second / 10 })
  })
})

describe('layers', () => {
  const images = [
    { glob: 'web:*', layers: [{ name: 'base', size: 40 * mebi }, { name: 'top', size: 20 * mebi }] },
    { glob: 'web:v2', layers: [{ name: 'base', size: 40 * mebi }, { name: 'other', size: 10 * mebi }] },
    { glob: 'own:*', layers: [{ name: '', size: 30 * mebi }] },
  ] // prettier-ignore
  const spec = registry({ bandwidth: 10 * mebi, images })

  it('that are there are not fetched again', () => {
    const one = node([spec])
    expect(arrives(one, 'web:v1')).toMatchObject({ takes: 6 * second, size: 60 * mebi })
    one.now += 6 * second
    expect(arrives(one, 'web:v2')).toMatchObject({ takes: second, size: 50 * mebi })
  })

  it('of an image without names are its own', () => {
    const one = node([spec])
    expect([arrives(one, 'own:1').takes, arrives(one, 'own:2').takes]).toEqual([3 * second, 3 * second])
  })

  it('of what was on the disk from the start are there', () => {
    const one = node([spec])
    one.disk.images.set('web:v1', { size: 1, pulledAt: 0 })
    expect(one.pull('web:v2').takes).toBe(second)
  })

  it('on their way are waited for, unless the power goes', () => {
    const one = node([spec])
    one.pull('web:v1')
    one.now += second
    expect(one.pull('web:v1').takes).toBe(5 * second)
    expect(one.pull('web:v2').takes).toBe(5 * second)
    one.powerOff()
    expect(one.pull('web:v1').takes).toBe(6 * second)
  })
})

describe('the rate limit', () => {
  it('never lets more through in any of its windows, and always as many as it may', () => {
    const times = fc.array(fc.nat(20), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 30 }), (steps, pulls, per) => {
        const one = node([registry({ rateLimit: { pulls, per } })])
        const through: number[] = []
        for (const [index, step] of steps.entries()) {
          one.now += step
          const admitted = one.pull(`image-${index}:1`).error === undefined
          const recent = through.filter((at) => at > one.now - per).length
          expect(admitted).toBe(recent < pulls)
          if (admitted) through.push(one.now)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('counts everybody who does not log in together, and each login by itself', () => {
    const logins = [login, { user: 'other', password: 'x' }]
    const one = node([registry({ rateLimit: { pulls: 1, per: 100 }, logins })])
    const by = (user: string, password: string, image: string): boolean =>
      one.pull(image, { username: user, password }).error === undefined
    expect([by('robot', 's3cret', 'a'), by('robot', 's3cret', 'b'), by('other', 'x', 'c')]).toEqual([true, false, true])
    const open = node([registry({ rateLimit: { pulls: 1, per: 100 } })])
    expect([open.pull('a').error, open.pull('b', { username: 'x', password: 'y' }).error?.code]).toEqual([
      undefined,
      'Unknown',
    ])
  })

  it('is not touched by what is there, nor by what is refused', () => {
    const one = node([registry({ rateLimit: { pulls: 1, per: 100 }, missing: ['b:*'] })])
    one.pull('b:1')
    expect(arrives(one, 'a:1').error).toBeUndefined()
    expect(one.pull('a:1').error).toBeUndefined()
    expect(one.pull('c:1').error?.message).toContain('toomanyrequests')
  })
})
