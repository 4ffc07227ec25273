/** One field of a protobuf message as it stands on the wire. */
export interface WireField {
  readonly number: number
  readonly wireType: 0 | 1 | 2 | 5
  /** Of a varint; two's complement of 64 bits. */
  readonly varint: bigint
  /** Of a length-delimited, 64-bit or 32-bit field. */
  readonly bytes: Uint8Array
}

/** Bytes that are no message. Go's generated Unmarshal tells the same things in the same words. */
export interface WireError {
  readonly error: string
}

const unexpectedEnd: WireError = { error: 'unexpected EOF' }
const overflow: WireError = { error: 'proto: integer overflow' }
const none = new Uint8Array(0)

/** A varint and where it ends. Numbers below 2^28, which is nearly all of them, need no bigint arithmetic. */
const readVarint = (bytes: Uint8Array, from: number): { readonly value: bigint; readonly end: number } | WireError => {
  let small = 0
  let at = from
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes[at]
    if (byte === undefined) return unexpectedEnd
    at += 1
    small |= (byte & 0x7f) << shift
    if (byte < 0x80) return { value: BigInt(small), end: at }
  }
  let value = BigInt(small)
  for (let shift = 28n; shift < 64n; shift += 7n) {
    const byte = bytes[at]
    if (byte === undefined) return unexpectedEnd
    at += 1
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), end: at }
  }
  return overflow
}

/** The fields of a message in the order in which they were written; fields that nobody knows are among them. */
export const readFields = (bytes: Uint8Array): readonly WireField[] | WireError => {
  const fields: WireField[] = []
  let at = 0
  while (at < bytes.length) {
    const key = readVarint(bytes, at)
    if ('error' in key) return key
    at = key.end
    const number = Number(key.value >> 3n)
    const wireType = Number(key.value & 7n)
    if (number < 1) return { error: `proto: illegal tag ${number} (wire type ${wireType})` }
    switch (wireType) {
      case 0: {
        const varint = readVarint(bytes, at)
        if ('error' in varint) return varint
        fields.push({ number, wireType, varint: varint.value, bytes: none })
        at = varint.end
        break
      }
      case 1:
      case 5: {
        const size = wireType === 1 ? 8 : 4
        if (at + size > bytes.length) return unexpectedEnd
        fields.push({ number, wireType, varint: 0n, bytes: bytes.subarray(at, at + size) })
        at += size
        break
      }
      case 2: {
        const length = readVarint(bytes, at)
        if ('error' in length) return length
        if (length.value > 0x7fffffffn) return { error: 'proto: negative length found during unmarshaling' }
        const size = Number(length.value)
        at = length.end
        if (at + size > bytes.length) return unexpectedEnd
        fields.push({ number, wireType, varint: 0n, bytes: bytes.subarray(at, at + size) })
        at += size
        break
      }
      default:
        return { error: `proto: illegal wireType ${wireType}` }
    }
  }
  return fields
}
