/** Distinguished Encoding Rules (X.690), as far as a certificate needs them. */

const tags = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
  generalizedTime: 0x18,
}

const lengthBytes = (length: number): number[] => {
  if (length < 0x80) return [length]
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return [0x80 | bytes.length, ...bytes]
}

export const derValue = (tag: number, content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([tag, ...lengthBytes(content.length)]), content])

export const derSequence = (...parts: readonly Uint8Array[]): Buffer => derValue(tags.sequence, Buffer.concat(parts))
export const derSet = (...parts: readonly Uint8Array[]): Buffer => derValue(tags.set, Buffer.concat(parts))
export const derOctets = (content: Uint8Array): Buffer => derValue(tags.octets, content)
export const derUtf8 = (text: string): Buffer => derValue(tags.utf8, Buffer.from(text, 'utf8'))
export const derTrue: Buffer = Buffer.from([0x01, 0x01, 0xff])

/** Whole bytes: no bit is unused, unless said so. */
export const derBits = (content: Uint8Array, unused = 0): Buffer =>
  derValue(tags.bits, Buffer.concat([Buffer.from([unused]), content]))

/** A number that is not negative, given by its bytes. */
export const derInteger = (content: Uint8Array): Buffer => {
  let start = 0
  while (start < content.length - 1 && content[start] === 0) start += 1
  const bytes = content.subarray(start)
  return derValue(tags.integer, bytes[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

export const derOid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const parts = [arc % 128]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) parts.unshift(0x80 | (left % 128))
    bytes.push(...parts)
  }
  return derValue(tags.oid, Buffer.from(bytes))
}

/** Whole seconds of universal time. */
export const derTime = (milliseconds: number): Buffer =>
  derValue(
    tags.generalizedTime,
    Buffer.from(`${new Date(milliseconds).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`, 'ascii'),
  )

/** `[n]` around parts that keep their own tags. */
export const derExplicit = (n: number, ...parts: readonly Uint8Array[]): Buffer =>
  derValue(0xa0 | n, Buffer.concat(parts))

/** `[n]` in place of the tag of a primitive value. */
export const derImplicit = (n: number, content: Uint8Array): Buffer => derValue(0x80 | n, content)
