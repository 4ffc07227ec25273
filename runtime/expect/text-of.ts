import { canonicalJson } from '../../api/json/canonical-json.ts'
import type { Micros } from '../../dsl/plan/micros.ts'
import type { Value } from './value.ts'

const units: readonly (readonly [string, number])[] = [
  ['d', 86_400_000_000],
  ['h', 3_600_000_000],
  ['m', 60_000_000],
]

/** `1m30s`, `1.5s`, `20ms`: a duration as scenarios write it. */
export const durationText = (micros: Micros): string => {
  if (micros === 0) return '0s'
  let rest = Math.abs(micros)
  let text = micros < 0 ? '-' : ''
  for (const [unit, size] of units) {
    if (rest >= size) text += `${Math.floor(rest / size)}${unit}`
    rest %= size
  }
  if (rest === 0) return text
  if (rest < 1_000_000 && Math.abs(micros) < 1_000_000) return `${text}${rest / 1000}ms`
  return `${text}${rest / 1_000_000}s`
}

/** `t=41.2s` */
export const instantText = (micros: Micros): string => `t=${durationText(micros)}`

/** A value as text: what `${…}` puts in, and what a report shows. */
export const textOf = (value: Value): string => {
  switch (value.kind) {
    case 'absent':
      return 'absent'
    case 'boolean':
    case 'number':
      return String(value.value)
    case 'string':
      return value.value
    case 'quantity':
      return value.text
    case 'percent':
      return `${value.value}%`
    case 'duration':
      return durationText(value.micros)
    case 'time':
      return instantText(value.micros)
    case 'regex':
      return `/${value.regex.source}/`
    case 'list':
      return `[${value.items.map(textOf).join(', ')}]`
    case 'json':
      return canonicalJson(value.json)
    case 'subject':
      return value.subject.kind === 'entry' ? `#${value.subject.entry}` : nameOf(value.subject)
  }
}

const nameOf = (subject: Exclude<Extract<Value, { kind: 'subject' }>['subject'], { kind: 'entry' }>): string =>
  subject.kind === 'container' ? `${subject.pod}/${subject.container}` : subject.name
