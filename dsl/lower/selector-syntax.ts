const key = '([a-z0-9A-Z.-]+/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?'
const value = '([A-Za-z0-9*]([A-Za-z0-9_.:/*-]*[A-Za-z0-9*])?)?'
const requirement = new RegExp(
  `^\\s*(!\\s*${key}|${key}(\\s*(=|==|!=)\\s*${value}|\\s+(in|notin)\\s*\\(\\s*${value}(\\s*,\\s*${value})*\\s*\\))?)\\s*$`,
)

/** What is wrong with a bracket's content as kubectl reads it after -l; undefined if nothing. */
export const selectorMistake = (text: string): string | undefined => {
  let depth = 0
  let from = 0
  const pieces: string[] = []
  for (let at = 0; at <= text.length; at++) {
    const c = text[at]
    if (c === '(') depth += 1
    else if (c === ')') depth -= 1
    else if (c === undefined || (c === ',' && depth === 0)) {
      pieces.push(text.slice(from, at))
      from = at + 1
    }
  }
  if (text.trim() === '') return 'an empty selector'
  const wrong = pieces.find((one) => !requirement.test(one))
  if (wrong?.trim() === '') return 'a comma too many in this selector'
  return wrong === undefined ? undefined : `\`${wrong.trim()}\` is no label requirement`
}
