import { describe, expect, it } from 'vitest'
import { decodeContinue, encodeContinue } from '../../../../runtime/apiserver/continue-token.ts'

const raw = (json: string): string => Buffer.from(json, 'latin1').toString('base64url')

describe('continue tokens', () => {
  it.each(['b', 'ns/web-1', 'ab', 'abc'])('come back: %s', (key) => {
    expect(decodeContinue(encodeContinue(190, key))).toEqual({ revision: 190, start: `${key}\0` })
    expect(encodeContinue(190, key)).toBe(raw(`{"v":"meta.k8s.io/v1","rv":190,"start":"${key}\\u0000"}`))
  })

  it.each([
    ['garbage', "continue key is not valid: invalid character '\\u0081' looking for beginning of value"],
    ['a*b', 'continue key is not valid: illegal base64 data at input byte 1'],
    [raw('{"v":"v2"}'), 'continue key is not valid: server does not recognize this encoded version v2'],
    [
      raw('{"v":"meta.k8s.io/v1","start":"x"}'),
      'continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
    ],
    [
      raw('{"v":"meta.k8s.io/v1","rv":3}'),
      'continue key is not valid: encoded start key empty (version meta.k8s.io/v1)',
    ],
    [raw('{"v":"meta.k8s.io/v1","rv":3,"start":"../x"}'), 'continue key is not valid: ../x'],
    [raw('{"v":"meta.k8s.io/v1","rv":3,"start":"a//x"}'), 'continue key is not valid: a//x'],
  ])('that are none: %s', (token, error) => {
    expect(decodeContinue(token)).toEqual({ error })
  })
})
