import type { Random } from '../random.ts'
import {
  accepts,
  authorizations,
  contentTypes,
  methods,
  names,
  namespaces,
  objects,
  parameters,
  patches,
  plainPaths,
  protobufs,
  strangers,
  subresources,
} from './words.ts'

/** Bytes as text, one character a byte: what an input carries below its blank line. */
const latin = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

/** A copy of a value with something in it replaced, taken out, doubled or renamed. */
const mutated = (random: Random, value: unknown): unknown => {
  if (random.oneIn(12)) return random.pick(strangers)
  if (Array.isArray(value)) {
    const items = value as readonly unknown[]
    if (items.length === 0 || random.oneIn(4)) return [...items, random.pick(strangers)]
    const at = random.below(items.length)
    if (random.oneIn(5)) return [...items, items[at]]
    return items.map((item, index) => (index === at ? mutated(random, item) : item))
  }
  if (typeof value !== 'object' || value === null) return random.pick(strangers)
  const entries = Object.entries(value)
  if (entries.length === 0 || random.oneIn(6)) {
    const key = random.pick(['x', '__proto__', 'constructor', 'metadata', 'spec', 'status', 'a.b/c', '', 'finalizers', 'ownerReferences', 'managedFields', 'generateName', 'deletionTimestamp']) // prettier-ignore
    return Object.fromEntries([...entries, [key, random.pick(strangers)]])
  }
  const at = random.below(entries.length)
  if (random.oneIn(8)) return Object.fromEntries(entries.filter((_, index) => index !== at))
  return Object.fromEntries(entries.map(([key, item], index) => [key, index === at ? mutated(random, item) : item]))
}

const times = (random: Random, value: unknown): unknown => {
  let out = value
  for (let count = random.below(4); count > 0; count -= 1) out = mutated(random, out)
  return out
}

const repeatedKey = (random: Random, text: string): string => {
  const at = text.indexOf('{', random.below(Math.max(1, text.length - 1)))
  return at < 0 ? text : `${text.slice(0, at + 1)}"a":1,"a":2,"__proto__":{"polluted":true},${text.slice(at + 1)}`
}

/** Text with a stretch cut out, doubled, or replaced by bytes that are none of it. */
const broken = (random: Random, text: string): string => {
  const at = random.below(text.length + 1)
  switch (random.below(8)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(0, at) + text.slice(at + random.below(20))
    case 2:
      return `${text.slice(0, at)}\u00ff\u00fe\u00c0\u0080${text.slice(at)}`
    case 3:
      return repeatedKey(random, text)
    case 4: {
      const depth = random.pick([50, 500, 12_000])
      return `${text.slice(0, at)}${random.pick(['[', '{"a":', '- ', '('])}${random.pick(['[', '{"a":']).repeat(depth)}`
    }
    case 5:
      return `${text.slice(0, at)}${random.pick(['\u0000', '\n', '"', '}', ',', '&a *a', '!!binary x', '<<: *a', '9'.repeat(400), '1e99999', '\\ud800'])}${text.slice(at)}` // prettier-ignore
    case 6:
      return text + text
    default:
      return ''
  }
}

const protobufBody = (random: Random): string => {
  const bytes = Buffer.from(random.pick(protobufs), 'base64')
  for (let count = random.below(5); count > 0; count -= 1) bytes[random.below(bytes.length)] = random.below(256)
  const text = bytes.toString('latin1')
  return random.oneIn(3) ? text.slice(0, random.below(text.length)) : text
}

const bodyFor = (random: Random, contentType: string, object: unknown): string => {
  if (contentType.includes('protobuf')) return protobufBody(random)
  const value = contentType.includes('patch') && random.oneIn(2) ? random.pick(patches) : times(random, object)
  const text = latin(JSON.stringify(value) ?? '')
  return random.oneIn(4) ? broken(random, text) : text
}

const queryFor = (random: Random): string => {
  const parts: string[] = []
  for (let count = random.below(4); count > 0; count -= 1) {
    const name = random.pick(Object.keys(parameters))
    const value = random.pick(parameters[name]!)
    parts.push(`${encodeURIComponent(name)}=${random.oneIn(20) ? '%zz' : encodeURIComponent(value)}`)
  }
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

const resourcePath = (random: Random): string => {
  const { path } = random.pick(objects)
  const moved = random.oneIn(6) ? path.replace('/default', `/${random.pick(namespaces)}`) : path
  const named = random.oneIn(3) ? moved : `${moved}/${random.pick(names)}`
  return random.oneIn(5) ? `${named}/${random.pick(subresources)}` : named
}

/** A request as text: its first line, its headers, an empty line, and its body with one character a byte. */
export const randomRequest = (random: Random): string => {
  const sound = random.pick(objects)
  const method = random.pick(methods)
  const writes = method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'DELETE'
  const contentType =
    method === 'PATCH' && !random.oneIn(5)
      ? random.pick(contentTypes.filter((one) => one.includes('patch')))
      : random.pick(contentTypes)
  const name = (sound.object['metadata'] as { readonly name?: string } | undefined)?.name ?? ''
  const path = random.oneIn(12)
    ? random.pick(plainPaths)
    : random.oneIn(3)
      ? resourcePath(random)
      : method === 'POST'
        ? sound.path
        : `${sound.path}/${name}`
  const headers = [
    `authorization: ${random.pick(authorizations)}`,
    `accept: ${random.pick(accepts)}`,
    ...(writes ? [`content-type: ${contentType}`] : []),
    ...(random.oneIn(20) ? ['impersonate-user: alice'] : []),
    ...(random.oneIn(20) ? [`user-agent: ${random.pick(['kubectl/v1', '', '/', 'x'.repeat(500)])}`] : []),
  ]
  const body = writes && !random.oneIn(15) ? bodyFor(random, contentType, sound.object) : ''
  return `${method} ${path}${queryFor(random)}\n${headers.join('\n')}\n\n${body}`
}
