// A second, naive reading of the tables: takes the written text and follows one packet through it, rule by rule.

export interface Packet {
  readonly protocol: string
  readonly source: string
  readonly destination: string
  readonly port: number
}

export interface Walked {
  readonly verdict: 'forward' | 'reject' | 'drop' | 'none'
  /** endpoint → [probability, masquerade] */
  readonly endpoints: Readonly<Record<string, readonly [number, boolean]>>
}

type Table = ReadonlyMap<string, readonly string[]>

const parse = (text: string): { filter: Table; nat: Table } => {
  const tables: Record<string, Map<string, string[]>> = {}
  let table = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) tables[line.slice(1)] = table = new Map<string, string[]>()
    else if (line.startsWith(':')) table.set(line.slice(1).split(' ')[0]!, [])
    else if (line.startsWith('-A ')) {
      const [, chain, rule] = /^-A (\S+) (.*)$/.exec(line)!
      const rules = table.get(chain!)
      if (rules === undefined) throw new Error(`rule of a chain that is not there: ${line}`)
      rules.push(rule!.replace(/-m comment --comment (?:"[^"]*"|[^"]*?)(?= (?:-|!)|$) ?/, ''))
    }
  }
  return { filter: tables['filter']!, nat: tables['nat']! }
}

interface State {
  readonly probability: number
  readonly mark: boolean
  readonly source: string
  readonly destination: string
  readonly port: number
  readonly protocol: string
  readonly dnat: boolean
  readonly end: 'DNAT' | 'ACCEPT' | 'DROP' | 'REJECT' | undefined
}

const number = (ip: string): number => ip.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
const within = (ip: string, range: string): boolean => {
  const [base, bits = '32'] = range.split('/')
  const size = Array.from({ length: 32 - Number(bits) }).reduce<number>((sum) => sum * 2, 1)
  return Math.floor(number(ip) / size) === Math.floor(number(base!) / size)
}

const matches = (rule: string, state: State, local: (ip: string) => boolean): boolean => {
  const holds = (pattern: RegExp, test: (value: string) => boolean): boolean => {
    const found = pattern.exec(rule)
    return found === null || test(found[2]!) !== (found[1] !== undefined)
  }
  return (
    holds(/(! )?-s (\S+)/, (range) => within(state.source, range)) &&
    holds(/(! )?-d (\S+)/, (range) => within(state.destination, range)) &&
    holds(/(! )?-p (\S+)/, (protocol) => protocol === state.protocol.toLowerCase()) &&
    holds(/(! )?--dport (\S+)/, (port) => Number(port) === state.port) &&
    holds(/(! )?--src-type (LOCAL)/, () => local(state.source)) &&
    holds(/(! )?--dst-type (LOCAL)/, () => local(state.destination)) &&
    holds(/(! )?--mark (\S+)/, () => state.mark) &&
    holds(/(! )?--ctstate (\S+)/, (states) =>
      states.split(',').some((one) => one === 'NEW' || (one === 'DNAT' && state.dnat)),
    ) &&
    !rule.includes('--rcheck')
  )
}

const walk = (table: Table, chain: string, start: State, local: (ip: string) => boolean): State[] => {
  let open: State[] = [start]
  const ended: State[] = []
  const rules = table.get(chain)
  if (rules === undefined) throw new Error(`jump into a chain that is not there: ${chain}`)
  for (const rule of rules) {
    const next: State[] = []
    for (const state of open) {
      if (!matches(rule, state, local)) {
        next.push(state)
        continue
      }
      const chance = Number(/--probability (\S+)/.exec(rule)?.[1] ?? '1')
      const taken = { ...state, probability: state.probability * chance }
      if (chance < 1) next.push({ ...state, probability: state.probability * (1 - chance) })
      const target = /-j (\S+)/.exec(rule)?.[1]
      if (target === undefined) next.push(taken)
      else if (target === 'MARK') next.push({ ...taken, mark: rule.includes('--or-mark') })
      else if (target === 'DNAT') {
        const [ip, port] = /--to-destination (\S+)/.exec(rule)![1]!.split(':')
        ended.push({ ...taken, end: 'DNAT', dnat: true, destination: ip!, port: Number(port) })
      } else if (target === 'ACCEPT' || target === 'DROP' || target === 'REJECT') ended.push({ ...taken, end: target })
      else for (const one of walk(table, target, taken, local)) (one.end === undefined ? next : ended).push(one)
    }
    open = next
  }
  return [...ended, ...open]
}

export const walkIptables = (text: string, addresses: readonly string[], packet: Packet): Walked => {
  const { filter, nat } = parse(text)
  const local = (ip: string): boolean => ip.startsWith('127.') || addresses.includes(ip)
  const fromNode = local(packet.source)
  const begin: State = { ...packet, probability: 1, mark: false, dnat: false, end: undefined }
  const endpoints: Record<string, [number, boolean]> = {}
  const verdicts = new Set<Walked['verdict']>()
  for (const state of walk(nat, fromNode ? 'OUTPUT' : 'PREROUTING', begin, local)) {
    const toNode = local(state.destination)
    const hooks = fromNode ? (toNode ? ['OUTPUT', 'INPUT'] : ['OUTPUT']) : [toNode ? 'INPUT' : 'FORWARD']
    let end: State['end']
    for (const hook of hooks) {
      if (end === 'DROP' || end === 'REJECT') continue
      const [result] = walk(filter, hook, { ...state, end: undefined }, local)
      end = result!.end
    }
    if (end === 'DROP') verdicts.add('drop')
    else if (end === 'REJECT') verdicts.add('reject')
    else if (state.dnat) {
      verdicts.add('forward')
      const key = `${state.destination}:${state.port}`
      endpoints[key] = [(endpoints[key]?.[0] ?? 0) + state.probability, state.mark]
    } else verdicts.add('none')
  }
  if (verdicts.size !== 1) throw new Error(`more than one verdict: ${[...verdicts].join(', ')}`)
  return { verdict: [...verdicts][0]!, endpoints }
}
