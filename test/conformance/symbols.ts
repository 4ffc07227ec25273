/** Symbols of recorded sessions (`$uid:1`, `$rv:3+`, `$t:0+30s` …): bound at first sight, then compared by identity and order. */
export interface Symbols {
  /** Tells that step `index` runs in this second (counted from the epoch). */
  step(index: number, atSecond: number): void
  /** A recorded request value with what its symbols stand for. */
  fill(value: unknown): unknown
  /** Compares a recorded value with a real one and binds new symbols; undefined: they agree. */
  compare(recorded: unknown, real: unknown, path: string): string | undefined
}

const symbol =
  /\$(?:uid|rv|rand|ip|nodeport|continue|token):\d+\+?|\$t:(?:setup|\d+)(?:[+-]\d+s)?|\$age|\$server|\$webhookhost/g

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const shapes: Readonly<Record<string, string>> = {
  uid: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
  rv: '\\d+',
  rand: '[bcdfghjklmnpqrstvwxz2456789]{5}',
  ip: '10\\.96\\.\\d+\\.\\d+',
  nodeport: '\\d+',
  continue: '[^"\\s]+',
  token: '[^"\\s]+',
  t: '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ',
  age: '[0-9a-z<>]+',
  server: '[^/"\\s]+',
  webhookhost: '[^/"\\s]+',
}

export const createSymbols = (epochMicros: number): Symbols => {
  const bound = new Map<string, string>()
  const owner = new Map<string, string>()
  const seconds = new Map<string, number>()

  const timeOf = (name: string): string | undefined => {
    const found = /^\$t:(setup|\d+)([+-]\d+)?s?$/.exec(name)!
    if (found[1] === 'setup') return undefined
    const base = seconds.get(found[1]!)
    if (base === undefined) return undefined
    const at = base + Number(found[2] ?? 0)
    return `${new Date(epochMicros / 1000 + at * 1000).toISOString().slice(0, 19)}Z`
  }
  const kindOf = (name: string): string => /^\$([a-z]+)/.exec(name)![1]!

  /** Whether a value may stand for a symbol, given what is bound so far. */
  const accept = (name: string, value: string): string | undefined => {
    const kind = kindOf(name)
    if (kind === 'age' || kind === 'server' || kind === 'webhookhost') return undefined
    if (kind === 't') {
      const wanted = timeOf(name)
      return wanted === undefined || wanted === value ? undefined : `${name} is ${wanted}, here ${value}`
    }
    if (name.endsWith('+')) {
      const n = Number(/\d+/.exec(name)![0])
      const low = n === 0 ? 0 : Number(bound.get(`$rv:${n}`) ?? 0)
      const high = Number(bound.get(`$rv:${n + 1}`) ?? Number.POSITIVE_INFINITY)
      const real = Number(value)
      if (!(real >= low && real < high)) return `${name} must lie in ${low}…${high}, here ${value}`
      bound.set(name, value)
      return undefined
    }
    const known = bound.get(name)
    if (known !== undefined) return known === value ? undefined : `${name} is ${known}, here ${value}`
    const other = owner.get(`${kind} ${value}`)
    if (other !== undefined) return `${value} is ${other} already, recorded as ${name}`
    if (kind === 'rv') {
      const n = Number(name.slice(4))
      for (const [one, is] of bound) {
        if (!/^\$rv:\d+$/.test(one)) continue
        const m = Number(one.slice(4))
        if (m < n !== Number(is) < Number(value)) return `${name} = ${value} is out of order with ${one} = ${is}`
      }
    }
    bound.set(name, value)
    owner.set(`${kind} ${value}`, name)
    return undefined
  }

  const compareText = (recorded: string, real: unknown, path: string): string | undefined => {
    const names = recorded.match(symbol)
    if (names === null)
      return recorded === real
        ? undefined
        : `${path}: recorded ${JSON.stringify(recorded)}, here ${JSON.stringify(real)}`
    const parts = recorded.split(symbol).map(escape)
    const pattern = names.reduce(
      (text, name, index) => `${text}(${shapes[kindOf(name)]!})${parts[index + 1]!}`,
      parts[0]!,
    )
    const found = new RegExp(`^${pattern}$`).exec(
      typeof real === 'number' ? String(real) : typeof real === 'string' ? real : '',
    )
    if (found === null) return `${path}: recorded ${JSON.stringify(recorded)}, here ${JSON.stringify(real)}`
    for (const [index, name] of names.entries()) {
      const refused = accept(name, found[index + 1]!)
      if (refused !== undefined) return `${path}: ${refused}`
    }
    return undefined
  }

  const compare = (recorded: unknown, real: unknown, path: string): string | undefined => {
    if (typeof recorded === 'string') return compareText(recorded, real, path)
    if (Array.isArray(recorded)) {
      if (!Array.isArray(real))
        return `${path}: recorded ${JSON.stringify(recorded).slice(0, 300)}, here ${JSON.stringify(real)?.slice(0, 300)}`
      for (const [index, item] of recorded.entries()) {
        if (index >= real.length) break
        const difference = compare(item, real[index], `${path}[${index}]`)
        if (difference !== undefined) return difference
      }
      if (recorded.length !== real.length) {
        return `${path}: recorded ${recorded.length} items, here ${real.length}: ${JSON.stringify((recorded.length > real.length ? recorded : real)[Math.min(recorded.length, real.length)])?.slice(0, 400)}`
      }
      return undefined
    }
    if (typeof recorded === 'object' && recorded !== null) {
      if (typeof real !== 'object' || real === null || Array.isArray(real)) {
        return `${path}: recorded ${JSON.stringify(recorded).slice(0, 300)}, here ${JSON.stringify(real)?.slice(0, 300)}`
      }
      const left = Object.keys(recorded)
      const right = Object.keys(real)
      const fields = real as Record<string, unknown>
      const source = recorded as Record<string, unknown>
      // Keys may hold symbols too (uids in managedFields): pair them in order of what they are after filling in.
      const filled = new Map(left.map((key) => [String(fill(key)), key]))
      const missing = left.filter((key) => !(String(fill(key)) in fields))
      const surplus = right.filter((key) => !filled.has(key))
      if (missing.length > 0 || surplus.length > 0) {
        return `${path}: ${missing.map((key) => `lacks ${key}: ${JSON.stringify(source[key])?.slice(0, 200)}`).join('; ')} ${surplus.map((key) => `has ${key}: ${JSON.stringify(fields[key])?.slice(0, 200)}`).join('; ')}`
      }
      for (const key of left) {
        const difference = compare(source[key], fields[String(fill(key))], `${path}.${key}`)
        if (difference !== undefined) return difference
      }
      const order = left.map((key) => String(fill(key))).join()
      if (order !== right.join()) return `${path}: keys recorded in the order ${order}, here ${right.join()}`
      return undefined
    }
    return recorded === real ? undefined : `${path}: recorded ${JSON.stringify(recorded)}, here ${JSON.stringify(real)}`
  }

  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') {
      if (/^\$nodeport:\d+$/.test(value) && bound.has(value)) return Number(bound.get(value))
      return value.replace(symbol, (name) =>
        name.startsWith('$t:') ? (timeOf(name) ?? name) : (bound.get(name) ?? name),
      )
    }
    if (Array.isArray(value)) return value.map(fill)
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [String(fill(key)), fill(item)]))
    }
    return value
  }

  return {
    step(index, atSecond) {
      seconds.set(String(index), atSecond)
    },
    fill,
    compare,
  }
}
