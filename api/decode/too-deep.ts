/** Levels that a body may nest. Differs: upstream's parsers stop at 10,000, more than a stack of ours holds; no kind needs a hundred. */
export const maxDepth = 500

const mostIndicators = 50

/**
 * Whether a YAML text nests so deeply that reading it would take forever: brackets, `- - -`, `? ? ?`, or ever further to the
 * right. An estimate from the outside, which text within quotation marks does not fool by accident.
 */
export const isTooDeepYaml = (text: string): boolean => {
  let flow = 0
  for (const line of text.split('\n')) {
    const lead = /^[ ]*(?:[^\s'"]+: +)?(?:[-?:] +)*/.exec(line)![0]
    if (lead.length > 2 * maxDepth) return true
    if (lead.replace(/[^-?:]/g, '').length > mostIndicators) return true
    if (!/[[{]/.test(line)) continue
    let keys = 0
    let quote = ''
    for (const letter of line) {
      if (quote !== '') {
        if (letter === quote) quote = ''
      } else if (letter === '"' || letter === "'") quote = letter
      else if (letter === '[' || letter === '{') flow += 1
      else if (letter === ']' || letter === '}') flow = Math.max(0, flow - 1)
      else if (letter === '?') keys += 1
      if (flow > maxDepth || (flow > 10 && keys > mostIndicators)) return true
    }
  }
  return false
}
