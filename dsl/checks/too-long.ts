import type { Check } from './check.ts'
import { durationText, leastClock, start } from './least-clock.ts'

const hour = 3_600_000_000

/** K205: a scenario whose waits alone take longer than its limit. */
export const tooLong: Check = {
  name: 'too-long',
  codes: ['K205'],
  always: true,
  scenario({ plans, declaration }, reporter) {
    for (const plan of plans) {
      const { limit, body } = plan
      const end = leastClock(body.operations, start, () => undefined)
      if (end.from <= limit.time) continue
      let told = false
      leastClock(body.operations, start, (operation, before, after) => {
        if (told || before.from > limit.time || after.from <= limit.time) return
        if (operation.kind === 'scope' || operation.kind === 'steps' || operation.kind === 'parallel') return
        told = true
        const enough = `@limit(${Math.ceil(end.from / hour)}h)`
        const tag = declaration.tags.find((one) => one.name.name === 'limit')
        const at = { ...declaration.span, end: declaration.span.start }
        reporter.report('K205', operation.span, `the run is cut off at its limit of ${durationText(limit.time)}`, {
          help: `this ends at t=${durationText(after.from)} at the earliest: ${tag === undefined ? `write ${enough} before the scenario` : `${enough} would do`}`,
          fix:
            tag === undefined
              ? { span: at, text: `${enough}\n` }
              : tag.args.length <= 1
                ? { span: tag.span, text: enough }
                : undefined,
        })
      })
    }
  },
}
