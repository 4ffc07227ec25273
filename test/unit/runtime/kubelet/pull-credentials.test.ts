import { describe, expect, it } from 'vitest'
import type { Secret } from '../../../../api/types/core-v1.generated.ts'
import { pullCredentials, type PullCredentials } from '../../../../runtime/kubelet/docker-keyring.ts'
import { createPullRecords } from '../../../../runtime/kubelet/pull-records.ts'
import type { Machine } from '../../../../runtime/node/machine.ts'

const secret = (data: Record<string, string>, type = 'kubernetes.io/dockerconfigjson', name = 'pull'): Secret =>
  ({ type, data, metadata: { name, namespace: 'default', uid: `uid-${name}` } }) as unknown as Secret
const auths = (logins: Record<string, unknown>): Secret =>
  secret({ '.dockerconfigjson': btoa(JSON.stringify({ auths: logins })) })
const login = { username: 'u', password: 'p' }
const users = (secrets: readonly Secret[], image: string): readonly string[] =>
  pullCredentials(secrets, image).map((one) => `${one.username}:${one.password}`)

describe('the keyring of a pod', () => {
  it.each<[string, string, boolean]>([
    ['ghcr.io', 'ghcr.io/team/web:v1', true],
    ['https://ghcr.io', 'ghcr.io/team/web:v1', true],
    ['https://ghcr.io/v2/', 'ghcr.io/team/web:v1', true],
    ['ghcr.io/team', 'ghcr.io/team/web:v1', true],
    ['ghcr.io/other', 'ghcr.io/team/web:v1', false],
    ['ghcr.io', 'ghcr.io:5000/web:v1', false],
    ['ghcr.io:5000', 'ghcr.io:5000/web:v1', true],
    ['*.example.com', 'reg.example.com/web', true],
    ['*.example.com', 'a.b.example.com/web', false],
    ['reg-?.example.com', 'reg-1.example.com/web', true],
    ['https://index.docker.io/v1/', 'web:v1', true],
    ['https://index.docker.io/v1/', 'team/web:v1', true],
    ['https://index.docker.io/v1/', 'ghcr.io/web:v1', false],
    ['docker.io', 'web:v1', true],
  ])('%s for %s: %s', (location, image, found) => {
    expect(users([auths({ [location]: login })], image)).toEqual(found ? ['u:p'] : [])
  })

  it('tries the most specific first, and all of one place', () => {
    const one = auths({ 'ghcr.io': { username: 'a', password: '1' }, 'ghcr.io/team': { username: 'b', password: '2' } })
    const other = auths({ 'ghcr.io': { username: 'c', password: '3' } })
    expect(users([one, other], 'ghcr.io/team/web')).toEqual(['b:2', 'a:1', 'c:3'])
  })

  it('reads user and password out of auth, and the older kind of secret', () => {
    expect(users([auths({ 'ghcr.io': { auth: btoa('u:p:q') } })], 'ghcr.io/web')).toEqual(['u:p:q'])
    const older = secret({ '.dockercfg': btoa(JSON.stringify({ 'ghcr.io': login })) }, 'kubernetes.io/dockercfg')
    expect(users([older], 'ghcr.io/web')).toEqual(['u:p'])
  })

  it('makes nothing of what it cannot read', () => {
    for (const broken of [
      secret({ '.dockerconfigjson': 'no base64' }),
      secret({ '.dockerconfigjson': btoa('no json') }),
      secret({ '.dockerconfigjson': btoa('{}') }),
      secret({}, 'kubernetes.io/dockerconfigjson'),
      secret({ '.dockerconfigjson': btoa('{"auths":{"ghcr.io":{"username":"u"}}}') }, 'Opaque'),
    ])
      expect(users([broken], 'ghcr.io/web')).toEqual([])
    expect(users([], 'ghcr.io/web')).toEqual([])
  })
})

describe('what was pulled with whose credentials', () => {
  const by = (username: string, uid: string): PullCredentials => ({
    username,
    password: 'p',
    secret: { uid, namespace: 'default', name: uid },
  })
  const records = (): ReturnType<typeof createPullRecords> =>
    createPullRecords({ disk: { pullRecords: new Map() } } as unknown as Machine)
  const mustPull = (known: ReturnType<typeof records>, ...shown: PullCredentials[]): boolean =>
    known.mustPull('id', () => shown)

  it('is everybody’s where no kubelet has pulled it, or nobody had to log in', () => {
    const known = records()
    expect(mustPull(known)).toBe(false)
    known.pulled('id', false, undefined)
    expect(mustPull(known)).toBe(false)
  })

  it('is for who shows the same secret, or the same user and password', () => {
    const known = records()
    known.pulled('id', false, by('a', '1'))
    expect(mustPull(known)).toBe(true)
    expect(mustPull(known, by('b', '2'))).toBe(true)
    expect(mustPull(known, by('a', '2'))).toBe(false)
    expect(mustPull(known, by('b', '1'))).toBe(false)
    known.pulled('id', true, by('b', '2'))
    expect([mustPull(known, by('b', '2')), mustPull(known, by('a', '1'))]).toEqual([false, false])
    known.pulled('id', true, undefined)
    expect(mustPull(known)).toBe(false)
  })

  it('is forgotten with the image', () => {
    const known = records()
    known.pulled('id', false, by('a', '1'))
    known.pulled('id', false, by('b', '2'))
    expect(mustPull(known, by('a', '1'))).toBe(true)
  })
})
