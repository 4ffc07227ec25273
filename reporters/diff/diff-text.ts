import type { GroupedChange, ObjectDifference } from '../../api/diff/diff-clusters.ts'
import { nounOf } from '../../api/noun-of.ts'
import { createPaint, type Paint } from '../paint.ts'
import { wrapLine } from '../wrap-line.ts'
import { pathText, valueText } from './change-text.ts'
import type { ClusterDifference } from './cluster-difference.ts'
import { visibleText } from './visible-text.ts'

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** `{.spec.replicas}: 3 -> 5`, on two lines where it does not fit on one. */
const changeLines = (change: GroupedChange, paint: Paint, width: number): readonly string[] => {
  const [path, before, after] = [pathText(change), valueText(change.before), valueText(change.after)]
  if (path.length + before.length + after.length + 10 <= width)
    return [`    ${path}: ${paint('remove', before)} -> ${paint('add', after)}`]
  return [`    ${path}:`, `      - ${paint('remove', before)}`, `      + ${paint('add', after)}`].flatMap((line) =>
    // A long word is not broken, and stays beside its sign.
    /\S{60}/.test(line) ? [line] : wrapLine(line, width),
  )
}

type Changed = Extract<ObjectDifference, { kind: 'changed' }>

const fieldLines = (one: Changed, paint: Paint, width: number): readonly string[] => {
  const status = one.changes.filter(({ group }) => group === 'status')
  const kept = one.changes.filter(({ group }) => group === 'kept')
  const rows = (changes: readonly GroupedChange[]): readonly string[] =>
    changes.flatMap((change) => changeLines(change, paint, width))
  const group = (title: string, changes: readonly GroupedChange[]): readonly string[] =>
    changes.length === 0 ? [] : [`  ${paint('faint', title)}`, ...rows(changes)]
  return [
    ...(one.recreated ? ['    another object of the same name'] : []),
    ...rows(one.changes.filter((change) => change.group === 'wanted')),
    ...group('status', status),
    ...group('kept by the server', kept),
  ]
}

const names = 3

/** Objects of one kind that changed alike stand together. */
const changedLines = (differences: readonly ObjectDifference[], paint: Paint, width: number): readonly string[] => {
  const alike = new Map<string, { readonly nouns: string[]; readonly lines: readonly string[] }>()
  for (const one of differences) {
    if (one.kind !== 'changed') continue
    const lines = fieldLines(one, paint, width)
    const key = [one.subject.split('/')[0]!, ...lines].join('\n')
    const noun = visibleText(nounOf(one.subject))
    const known = alike.get(key)
    if (known === undefined) alike.set(key, { nouns: [noun], lines })
    else known.nouns.push(noun)
  }
  return [...alike.values()].flatMap(({ nouns, lines }) => {
    const more = nouns.length > names ? ` and ${nouns.length - names} more` : ''
    const head = `${paint('warn', '~')} ${nouns
      .slice(0, names)
      .map((noun) => paint('strong', noun))
      .join(', ')}${more}`
    return [...wrapLine(head, width), ...lines]
  })
}

/** Objects of one generated name are counted rather than listed: `+ pod/web-6fcd7478f5-* x3`. */
const wholeLines = (differences: readonly ObjectDifference[], paint: Paint): readonly string[] => {
  const counts = new Map<string, { sign: string; count: number; noun: string }>()
  for (const { kind, subject, object } of differences) {
    if (kind === 'changed') continue
    const { name, generateName } = object.metadata as { readonly name: string; readonly generateName?: string }
    const noun = visibleText(nounOf(subject))
    const stem =
      generateName !== undefined && name.startsWith(generateName) ? noun.replace(name, `${generateName}*`) : noun
    const sign = kind === 'added' ? '+' : '-'
    const known = counts.get(`${sign} ${stem}`)
    if (known === undefined) counts.set(`${sign} ${stem}`, { sign, count: 1, noun })
    else known.count += 1
  }
  return [...counts].map(([text, { sign, count, noun }]) => {
    const line = count === 1 ? `${sign} ${noun}` : `${text} x${count}`
    return paint(sign === '+' ? 'add' : 'remove', line)
  })
}

export const countsText = ({ differences }: ClusterDifference): string => {
  const of = (kind: ObjectDifference['kind']): number => differences.filter((one) => one.kind === kind).length
  const fields = differences.reduce((sum, one) => sum + (one.kind === 'changed' ? one.changes.length : 0), 0)
  const parts = [
    of('changed') === 0 ? '' : `${plural(of('changed'), 'object')} changed in ${plural(fields, 'field')}`,
    of('added') === 0 ? '' : `${of('added')} added`,
    of('removed') === 0 ? '' : `${of('removed')} removed`,
  ]
  return parts.filter((part) => part !== '').join(', ')
}

/** Two clusters side by side, for people. */
export const diffText = (
  difference: ClusterDifference,
  options: { readonly color: boolean; readonly width: number },
): string => {
  const paint = createPaint(options.color)
  const { differences, counts, hidden } = difference
  const kept = hidden === 0 ? '' : `; ${plural(hidden, 'change')} not shown (--all)`
  if (differences.length === 0)
    return `no difference: ${plural(counts[0], 'object')} and ${plural(counts[1], 'object')} say the same${kept}\n`
  const lines = [
    `${paint('remove', `--- ${visibleText(difference.before)}`)}`,
    `${paint('add', `+++ ${visibleText(difference.after)}`)}`,
    '',
    ...changedLines(differences, paint, options.width),
    ...wholeLines(differences, paint),
    '',
    `${countsText(difference)}${kept}`,
  ]
  return `${lines.join('\n')}\n`
}
