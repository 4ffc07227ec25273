import {
  intValue,
  parseIntOrString,
  scaledIntOrPercent,
  type IntOrString,
} from '../../../../api/int-or-string/int-or-string.ts'
import type { Topic } from './topic.ts'

export const intOrString: Topic = {
  scaledValue: ({ value, total, roundUp }: { value: IntOrString; total: number; roundUp: boolean }) =>
    scaledIntOrPercent(value, total, roundUp),
  parse: ({ Value }: { Value: string }) => {
    const value = parseIntOrString(Value)
    return { json: value, string: String(value), intValue: intValue(value) }
  },
}
