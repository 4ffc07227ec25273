/** Numbered symbols of one session: recorded and real ones stand for each other, one to one. */
export interface Pairing {
  /** Whether two texts say the same; if so, their symbols are paired from now on. */
  same(recorded: string, real: string): boolean
}

const symbol = /<(uid|ip|cluster-ip|node-port|rand):(\d+)>/g

export const createPairing = (): Pairing => {
  const toReal = new Map<string, string>()
  const toRecorded = new Map<string, string>()
  return {
    same(recorded, real) {
      const blank = (text: string): string => text.replace(symbol, '<$1:#>')
      if (blank(recorded) !== blank(real)) return false
      const left = recorded.match(symbol) ?? []
      const right = real.match(symbol) ?? []
      const fresh: [string, string][] = []
      for (const [index, one] of left.entries()) {
        const other = right[index]!
        const known = toReal.get(one) ?? fresh.find(([from]) => from === one)?.[1]
        const back = toRecorded.get(other) ?? fresh.find(([, to]) => to === other)?.[0]
        if (known === undefined && back === undefined) fresh.push([one, other])
        else if (known !== other || back !== one) return false
      }
      for (const [one, other] of fresh) {
        toReal.set(one, other)
        toRecorded.set(other, one)
      }
      return true
    },
  }
}
