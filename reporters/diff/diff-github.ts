import { nounOf } from '../../api/noun-of.ts'
import { pathText, valueText } from './change-text.ts'
import type { ClusterDifference } from './cluster-difference.ts'
import { countsText } from './diff-text.ts'

/** Of a workflow command: what would end it is written as its code. */
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

/** An annotation for each object, as GitHub Actions shows them. */
export const diffGithub = (difference: ClusterDifference): string => {
  const lines = difference.differences.map((one) => {
    const noun = nounOf(one.subject)
    const title = one.kind === 'changed' ? `${noun} changed` : `${noun} was ${one.kind}`
    const text =
      one.kind === 'changed'
        ? one.changes.map((change) => `${pathText(change)}: ${valueText(change.before)} -> ${valueText(change.after)}`)
        : [`${one.kind === 'added' ? 'only in' : 'not in'} ${difference.after}`]
    return `::error title=${property(title)}::${data(text.join('\n') || 'another object of the same name')}`
  })
  const end = difference.differences.length === 0 ? 'no difference' : countsText(difference)
  return `${[...lines, `::notice title=kscn diff::${data(end)}`].join('\n')}\n`
}
