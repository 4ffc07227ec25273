import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { isIPv4 } from 'node:net'
import {
  derBits,
  derExplicit,
  derImplicit,
  derInteger,
  derOctets,
  derOid,
  derSequence,
  derSet,
  derTime,
  derTrue,
  derUtf8,
} from './der.ts'

const oid = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
}

const day = 86_400_000

export interface ServingCertificates {
  /** PEM: who a client must trust. */
  readonly ca: string
  readonly certificate: string
  readonly key: string
}

interface Subject {
  readonly name: string
  readonly keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
}

const nameOf = (commonName: string): Buffer =>
  derSequence(derSet(derSequence(derOid(oid.commonName), derUtf8(commonName))))

const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })
const keyIdOf = (key: KeyObject): Buffer => createHash('sha1').update(spkiOf(key)).digest()

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  derSequence(derOid(id), ...(critical ? [derTrue] : []), derOctets(value))

const altName = (host: string): Buffer =>
  isIPv4(host)
    ? derImplicit(7, Buffer.from(host.split('.').map(Number)))
    : host === '::1'
      ? derImplicit(7, Buffer.concat([Buffer.alloc(15), Buffer.from([1])]))
      : derImplicit(2, Buffer.from(host, 'ascii'))

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der
    .toString('base64')
    .replace(/.{64}/g, '$&\n')
    .trimEnd()}\n-----END CERTIFICATE-----\n`

/** An X.509 v3 certificate, signed by its issuer with ECDSA over P-256. */
const certify = (subject: Subject, issuer: Subject, extensions: readonly Buffer[], now: number): string => {
  const algorithm = derSequence(derOid(oid.ecdsaWithSha256))
  const body = derSequence(
    derExplicit(0, derInteger(Buffer.from([2]))),
    derInteger(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    nameOf(issuer.name),
    // A clock that is a little behind must not refuse it.
    derSequence(derTime(now - day), derTime(now + 365 * day)),
    nameOf(subject.name),
    spkiOf(subject.keys.publicKey),
    derExplicit(3, derSequence(...extensions)),
  )
  return pem(derSequence(body, algorithm, derBits(sign('sha256', body, issuer.keys.privateKey))))
}

const newSubject = (name: string): Subject => ({
  name,
  keys: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
})

/** An authority made for this one server, and the server's certificate for the given hosts. The authority's key is thrown away. */
export const createCertificates = (hosts: readonly string[], now: number): ServingCertificates => {
  const authority = newSubject(`kscn-ca@${Math.floor(now / 1000)}`)
  const server = newSubject('kube-apiserver')
  const authorityId = keyIdOf(authority.keys.publicKey)
  const ca = certify(
    authority,
    authority,
    [
      extension(oid.basicConstraints, derSequence(derTrue), true),
      // keyCertSign, cRLSign
      extension(oid.keyUsage, derBits(Buffer.from([0x06]), 1), true),
      extension(oid.subjectKeyId, derOctets(authorityId)),
    ],
    now,
  )
  const certificate = certify(
    server,
    authority,
    [
      extension(oid.basicConstraints, derSequence(), true),
      // digitalSignature
      extension(oid.keyUsage, derBits(Buffer.from([0x80]), 7), true),
      extension(oid.extKeyUsage, derSequence(derOid(oid.serverAuth))),
      extension(oid.authorityKeyId, derSequence(derImplicit(0, authorityId))),
      extension(oid.subjectAltName, derSequence(...hosts.map(altName))),
    ],
    now,
  )
  return { ca, certificate, key: server.keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}
