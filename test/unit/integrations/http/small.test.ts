import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isAllowedHost } from '../../../../integrations/http/allowed-host.ts'
import { createCertificates } from '../../../../integrations/http/certificates.ts'
import { jsonText } from '../../../../integrations/http/json-text.ts'
import { parseTarget } from '../../../../integrations/http/parse-target.ts'
import { parseTokenFile } from '../../../../integrations/http/token-file.ts'
import { parseYaml } from '../../../../integrations/http/parse-yaml.ts'

describe('the certificates of a server', () => {
  it('are signed by their authority, for the hosts that it answers to', () => {
    const { ca, certificate } = createCertificates(['127.0.0.1', 'localhost', '::1'], Date.UTC(2026, 0, 1))
    const [authority, server] = [new X509Certificate(ca), new X509Certificate(certificate)]
    expect(server.verify(authority.publicKey)).toBe(true)
    expect(server.checkIssued(authority)).toBe(true)
    expect(authority.ca).toBe(true)
    expect(server.ca).toBe(false)
    expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(server.checkHost('localhost')).toBe('localhost')
    expect(server.checkHost('evil.example')).toBeUndefined()
  })
})

describe('a Host header', () => {
  it.each(['127.0.0.1:6443', 'localhost', 'LOCALHOST:1', '[::1]:6443', 'kubernetes.default.svc'])(
    '%s is ours',
    (host) => {
      expect(isAllowedHost(host)).toBe(true)
    },
  )
  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil:80',
    'localhost:x',
    '::1',
    '[::2]',
    'a@localhost',
  ])('%s is not', (host) => {
    expect(isAllowedHost(host)).toBe(false)
  })
})

describe('a request line', () => {
  it('gives path and parameters, repeated ones as a list', () => {
    expect(parseTarget('/a/b?x=1&x=2&y')).toEqual({ path: '/a/b', query: { x: ['1', '2'], y: '' } })
  })
  it('a parameter may be called __proto__', () => {
    const target = parseTarget('/?__proto__=1')!
    expect(Object.keys(target.query)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>)['1']).toBeUndefined()
  })
  it.each(['', 'x', '/%', '/%zz', '/%ff', '*'])('%s is refused', (url) => {
    expect(parseTarget(url)).toBeUndefined()
  })
})

describe('a token file', () => {
  it('is read as kube-apiserver reads it', () => {
    const file = parseTokenFile('t1,alice,u1,"a,b"\n\nt2,bob,u2\n')
    if ('error' in file) throw new Error(file.error)
    expect(file.tokens.get('t1')).toEqual({
      name: 'alice',
      uid: 'u1',
      groups: ['a', 'b', 'system:authenticated'],
      extra: {},
    })
    expect(file.tokens.get('t2')?.groups).toEqual(['system:authenticated'])
  })
  it.each([
    ['t1,alice', 'line 1: wants token, user and uid'],
    ['t,a,u\n,bob,u', 'line 2: the token is empty'],
    ['t,,u', 'line 1: the user is empty'],
  ])('%j is refused', (text, words) => {
    const file = parseTokenFile(text)
    expect('error' in file ? file.error : '').toContain(words)
  })
})

describe('text on the wire', () => {
  it('escapes what Go escapes and ends with a line break', () => {
    expect(jsonText({ a: '<&>\u2028' })).toBe('{"a":"\\u003c\\u0026\\u003e\\u2028"}\n')
  })
  it.each(['- '.repeat(12_000), '['.repeat(12_000), '? '.repeat(500), `{a: ${'[? '.repeat(400)}`])(
    'YAML that nests without end is refused at once',
    (text) => {
      const parsed = parseYaml(text)
      expect('error' in parsed ? parsed.error : '').toContain('exceeded max depth')
    },
  )
})
