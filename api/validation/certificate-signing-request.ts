import { canonicalBase64 } from '../decode/base64.ts'
import { isDns1123Label, isDns1123Subdomain } from '../names/dns-names.ts'
import { goQuote } from '../names/go-quote.ts'
import { duplicate, invalid, notSupported, required, tooLong, type Cause } from './cause.ts'
import type { PrepareContext, Strategy } from './strategy.ts'
import { list, optionalNumber, strings, struct, text, type View } from './view.ts'

const usages = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
]

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Base64 → text whose characters are bytes. */
const bytesOf = (base64: string): string => {
  let out = ''
  let word = 0
  let bits = 0
  for (const letter of base64) {
    const value = letters.indexOf(letter)
    if (value === -1) continue
    word = ((word << 6) | value) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    out += String.fromCharCode((word >> bits) & 255)
  }
  return out
}

/** encoding/pem: the type and the bytes of the first block. */
const pemBlock = (pem: string): { readonly type: string; readonly bytes: string } | undefined => {
  const found = /(?:^|\n)-----BEGIN ([^\n]*?)-----[ \t\r]*\n([\s\S]*?)\n?-----END \1-----/.exec(pem)
  if (found === null) return undefined
  const decoded = canonicalBase64(found[2]!.replace(/\s/g, ''))
  return decoded.ok ? { type: found[1]!, bytes: bytesOf(decoded.text) } : undefined
}

/**
 * certificates.ParseCSR. Differs: of the DER only the outermost sequence is looked at, not the signature.
 */
const requestProblem = (request: string): string | undefined => {
  const block = pemBlock(bytesOf(request))
  if (block?.type !== 'CERTIFICATE REQUEST') return 'PEM block type must be CERTIFICATE REQUEST'
  return block.bytes.charCodeAt(0) === 0x30 && block.bytes.length > 2
    ? undefined
    : "asn1: structure error: tags don't match (16 vs {class:0 tag:0 length:0 isCompound:false}) {optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false} certificateRequest @2"
}

const longestSubdomain = 253
const longestLabel = 63

/** ValidateSignerName of pkg/apis/core/validation/names.go. */
const signerNameCauses = (field: string, name: string): Cause[] => {
  if (name === '') return [required(field)]
  const segments = name.split('/')
  const [domain = '', path = ''] = segments
  if (segments.length !== 2)
    return [invalid(field, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")]
  const causes: Cause[] = []
  if (domain.length > longestSubdomain) causes.push(tooLong(field, longestSubdomain))
  const firstWrong = (segment: string, problems: (label: string) => readonly string[]): Cause[] => {
    const label = segment.split('.').find((one) => problems(one).length > 0)
    if (label === undefined) return []
    return problems(label).map((why) => invalid(field, segment, `validating label ${goQuote(label)}: ${why}`))
  }
  causes.push(...firstWrong(domain, isDns1123Label))
  if (!domain.includes('.'))
    causes.push(invalid(field, domain, 'should be a domain with at least two segments separated by dots'))
  causes.push(...firstWrong(path, isDns1123Subdomain))
  const longest = longestSubdomain + (longestSubdomain + longestLabel + 1) + 1
  if (name.length > longest) causes.push(tooLong(field, longest))
  return causes
}

/** pkg/apis/certificates/validation/validation.go, validateCertificateSigningRequest. */
const causesOf = (object: View): Cause[] => {
  const spec = struct(object, 'spec')
  const causes: Cause[] = []
  const problem = requestProblem(text(spec, 'request'))
  if (problem !== undefined) causes.push(invalid('spec.request', spec['request'] ?? null, problem))
  const given = strings(spec, 'usages')
  if (given.length === 0) causes.push(required('spec.usages'))
  given.forEach((usage, i) => {
    if (!usages.includes(usage)) causes.push(notSupported(`spec.usages[${i}]`, usage, usages))
  })
  given.forEach((usage, i) => {
    if (given.indexOf(usage) < i) causes.push(duplicate(`spec.usages[${i}]`, usage))
  })
  const signer = text(spec, 'signerName')
  if (signer === 'kubernetes.io/legacy-unknown')
    causes.push(invalid('spec.signerName', signer, 'the legacy signerName is not allowed via this API version'))
  else causes.push(...signerNameCauses('spec.signerName', signer))
  const seconds = optionalNumber(spec, 'expirationSeconds')
  if (seconds !== undefined && seconds < 600)
    causes.push(
      invalid('spec.expirationSeconds', seconds, 'may not specify a duration less than 600 seconds (10 minutes)'),
    )
  return causes
}

/** populateConditionTimestamps */
const timed = (status: View, old: View, now: string): View => {
  const before = list(old, 'conditions')
  const conditions = list(status, 'conditions').map((one) => {
    const same = before.find((other) => other['type'] === one['type'] && other['status'] === one['status'])
    return {
      ...one,
      lastUpdateTime: one['lastUpdateTime'] ?? now,
      lastTransitionTime: one['lastTransitionTime'] ?? same?.['lastTransitionTime'] ?? now,
    }
  })
  return conditions.length === 0 ? status : { ...status, conditions }
}

/** pkg/registry/certificates/certificates/strategy.go: who asks is part of the request; after that only status changes. */
export const certificateSigningRequestStrategy: Strategy = {
  prepareForCreate(object, { user }) {
    const { username: _, uid: __, groups: ___, extra: ____, ...spec } = struct(object, 'spec')
    const extra = user?.extra ?? {}
    return {
      ...object,
      spec: {
        ...spec,
        ...(user === undefined ? {} : { username: user.name, uid: user.uid, groups: user.groups }),
        ...(Object.keys(extra).length === 0 ? {} : { extra }),
      },
    }
  },
  prepareForUpdate: (object, old) => ({ ...object, spec: old['spec'], status: old['status'] }),
  prepareForStatus: (object, old, context: PrepareContext) => ({
    ...object,
    spec: old['spec'],
    status: timed(struct(object, 'status'), struct(old, 'status'), context.now),
  }),
  prepare: {
    approval: (object, old, context) => {
      const { conditions } = struct(object, 'status')
      const status = { ...struct(old, 'status'), conditions }
      return { ...object, spec: old['spec'], status: timed(status, struct(old, 'status'), context.now) }
    },
  },
  validate: causesOf,
}
