interface Rule {
  readonly name: string
  readonly pattern: string
  readonly replace: string
  readonly numbered?: boolean
}

const ageColumns = new Set(['age', 'last seen', 'first seen', 'duration', 'last schedule'])
const ageish = /^(\d+[ydhms])+$|^<unknown>$|^<invalid>$|^(\d+[ydhms])+ \(x\d+ over (\d+[ydhms])+\)$/

/** Printed text with what differs from run to run replaced, by the recording's own rules (its README, Normalisation). */
export interface Normaliser {
  text(printed: string, bare: boolean): string
}

export const createNormaliser = (rules: readonly Rule[]): Normaliser => {
  const compiled = rules.map((rule) => ({ ...rule, regex: new RegExp(rule.pattern, 'g') }))
  const numbers = new Map<string, number>()
  const counts = new Map<string, number>()

  const numberOf = (rule: string, match: string): number => {
    const key = `${rule} ${match}`
    let number = numbers.get(key)
    if (number === undefined) {
      number = (counts.get(rule) ?? 0) + 1
      counts.set(rule, number)
      numbers.set(key, number)
    }
    return number
  }

  const string = (text: string): string =>
    compiled.reduce(
      (out, rule) =>
        rule.numbered === true
          ? out.replace(rule.regex, (match) => rule.replace.replace('#', String(numberOf(rule.name, match))))
          : out.replace(rule.regex, rule.replace),
      text,
    )

  return {
    text(printed, bare) {
      let ages = new Set<number>()
      let width = 0
      const lines = printed.split('\n').map((line) => {
        const trimmed = line.trimStart()
        const lead = line.slice(0, line.length - trimmed.length)
        const body = trimmed.replace(/(\S) {2,}/g, '$1  ').trimEnd()
        const cells = body.split('  ')
        const heading = new Set<number>()
        if (cells.length > 1)
          for (const [at, cell] of cells.entries()) if (ageColumns.has(cell.toLowerCase())) heading.add(at)
        if (heading.size > 0) {
          ages = heading
          width = cells.length
          return lead + body
        }
        if (body === '') {
          ages = new Set()
          return lead + body
        }
        if (bare) return lead + cells.map((cell) => (ageish.test(cell) ? '<age>' : cell)).join('  ')
        for (const column of ages) {
          // Empty cells leave a gap: the last heading belongs to the last cell.
          const at = column === width - 1 ? cells.length - 1 : column
          if (at < cells.length && cells.length <= width && ageish.test(cells[at]!)) cells[at] = '<age>'
        }
        return lead + cells.join('  ')
      })
      return string(lines.join('\n'))
    },
  }
}
