import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cidrContains, isValidCidr, parseCidr } from '../../../../api/names/cidr.ts'
import { isDns1123Label, isDns1123Subdomain } from '../../../../api/names/dns-names.ts'
import { goQuote } from '../../../../api/names/go-quote.ts'
import { ipText, isValidIp, parseIp } from '../../../../api/names/ip-address.ts'
import { generateName } from '../../../../api/names/safe-encode.ts'
import { isExtendedResource, isScalarResource } from '../../../../api/names/resource-names.ts'
import { utf8Length } from '../../../../api/names/utf8-length.ts'

it('generateName keeps within 63 characters and makes valid names', () => {
  fc.assert(
    fc.property(fc.nat(80), fc.infiniteStream(fc.nat(26)), (length, chance) => {
      const name = generateName('a'.repeat(length), () => Number(chance.next().value))
      expect(name.length).toBe(Math.min(length, 58) + 5)
      expect(isDns1123Label(name)).toEqual([])
    }),
  )
})

it('utf8Length counts as TextEncoder does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)
    }),
  )
})

it.each([
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['é\n\t\x01', '"é\\n\\t\\x01"'],
  ['\u200b\u{1f600}', '"\\u200b😀"'],
])('goQuote(%j)', (text, quoted) => {
  expect(goQuote(text)).toBe(quoted)
})

describe('IP addresses', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['2001:0db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::', '::'],
    ['1::', '1::'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ])('%s is %s', (text, canonical) => {
    const ip = parseIp(text)
    expect(ip === undefined ? undefined : ipText(ip)).toBe(canonical)
  })

  it.each(['', '1.2.3', '1.2.3.256', '1::2::3', ':1', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', 'g::', '::1%eth0'])(
    '%j is none',
    (text) => {
      expect(parseIp(text)).toBeUndefined()
      expect(isValidIp(text)).toHaveLength(1)
    },
  )

  it('lie in their blocks', () => {
    const block = parseCidr('10.96.0.0/16')
    const ip = (text: string) => parseIp(text) ?? { bytes: [], family: 4, mapped: false, leadingZeros: false }
    if (block === undefined) throw new Error('no block')
    expect(cidrContains(block, ip('10.96.255.1'))).toBe(true)
    expect(cidrContains(block, ip('10.97.0.1'))).toBe(false)
    expect(cidrContains(block, ip('fd00::1'))).toBe(false)
    expect(isValidCidr('fd00:0::/64')).toHaveLength(1)
  })
})

it('names and resources', () => {
  expect(isDns1123Subdomain(`${'a'.repeat(254)}`)).toEqual(['must be no more than 253 characters'])
  expect(isExtendedResource('nvidia.com/gpu')).toBe(true)
  expect(isExtendedResource('cpu')).toBe(false)
  expect(isScalarResource('hugepages-2Mi')).toBe(true)
  expect(isScalarResource('memory')).toBe(false)
})
