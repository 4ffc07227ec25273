import { expect, test } from 'vitest'
import { readToken, writeToken } from '../../../../runtime/explore/token.ts'

const token = {
  version: '0.1.0',
  planHash: '0badcafe',
  seed: 'a:b/7 %',
  index: 12,
  runs: 100,
  strategy: undefined,
  hash: '0123456789abcdef',
  path: '9-_a',
  file: 'dir with space/a:b.kscn',
  line: 7,
}

test('a token comes back as it was written', () => {
  expect(readToken(writeToken(token))).toEqual(token)
  expect(readToken(writeToken({ ...token, strategy: 'pct' }))).toEqual({ ...token, strategy: 'pct' })
})

test.each([
  '',
  'web.kscn',
  'k2:0.1.0:0badcafe:0:1of2:0123456789abcdef.2-A:a:1',
  'k1:0.1.0:0badcafe:0:1of2:0123.2-A:a:1',
  'k1:0.1.0:0badcafe:0:1of2+luck:0123456789abcdef.2-A:a:1',
])('%j is no token', (text) => {
  expect(readToken(text)).toBeUndefined()
})
