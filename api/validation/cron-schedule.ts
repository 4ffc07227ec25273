interface Bounds {
  readonly min: number
  readonly max: number
  readonly names?: readonly string[]
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
/** Minute, hour, day of month, month, day of week. */
const fieldBounds: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: months },
  { min: 0, max: 6, names: days },
]
const descriptors = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'])

type Parsed = { readonly value: number } | { readonly error: string }

const integer = (text: string): Parsed => {
  if (!/^[+-]?\d+$/.test(text)) {
    return { error: `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax` }
  }
  const value = Number(text)
  return value < 0 ? { error: `negative number (${value}) not allowed: ${text}` } : { value }
}

const named = (text: string, bounds: Bounds): Parsed => {
  const index = bounds.names?.indexOf(text.toLowerCase()) ?? -1
  return index >= 0 ? { value: index + bounds.min } : integer(text)
}

/** getRange of robfig/cron. */
const rangeError = (expression: string, bounds: Bounds): string | undefined => {
  const rangeAndStep = expression.split('/')
  const lowAndHigh = (rangeAndStep[0] ?? '').split('-')
  let start = bounds.min
  let end = bounds.max
  const first = lowAndHigh[0] ?? ''
  const star = first === '*' || first === '?'
  if (!star) {
    const low = named(first, bounds)
    if ('error' in low) return low.error
    start = low.value
    end = low.value
    if (lowAndHigh.length === 2) {
      const high = named(lowAndHigh[1] ?? '', bounds)
      if ('error' in high) return high.error
      end = high.value
    } else if (lowAndHigh.length > 2) return `too many hyphens: ${expression}`
  }
  let step = 1
  if (rangeAndStep.length === 2) {
    const parsed = integer(rangeAndStep[1] ?? '')
    if ('error' in parsed) return parsed.error
    step = parsed.value
    if (lowAndHigh.length === 1) end = bounds.max
  } else if (rangeAndStep.length > 2) return `too many slashes: ${expression}`
  if (start < bounds.min) return `beginning of range (${start}) below minimum (${bounds.min}): ${expression}`
  if (end > bounds.max) return `end of range (${end}) above maximum (${bounds.max}): ${expression}`
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${expression}`
  return step === 0 ? `step of range should be a positive number: ${expression}` : undefined
}

/** time.LoadLocation finds it. */
export const isTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** What robfig/cron's ParseStandard says against a schedule; undefined: nothing. */
export const cronScheduleError = (schedule: string): string | undefined => {
  let spec = schedule
  if (spec === '') return 'empty spec string'
  if (spec.startsWith('TZ=') || spec.startsWith('CRON_TZ=')) {
    const space = spec.indexOf(' ')
    const zone = spec.slice(spec.indexOf('=') + 1, space < 0 ? undefined : space)
    if (!isTimeZone(zone)) return `provided bad location ${zone}: unknown time zone ${zone}`
    spec = space < 0 ? '' : spec.slice(space).trim()
  }
  if (spec.startsWith('@')) {
    if (descriptors.has(spec)) return undefined
    if (!spec.startsWith('@every ')) return `unrecognized descriptor: ${spec}`
    const duration = spec.slice('@every '.length)
    return /^[+-]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/.test(duration)
      ? undefined
      : `failed to parse duration ${spec}: time: invalid duration ${JSON.stringify(duration)}`
  }
  const fields = spec.split(/\s+/).filter((field) => field !== '')
  if (fields.length !== 5) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`
  for (const [i, field] of fields.entries()) {
    const bounds = fieldBounds[i]
    if (bounds === undefined) continue
    for (const expression of field.split(',').filter((one) => one !== '')) {
      const error = rangeError(expression, bounds)
      if (error !== undefined) return error
    }
  }
  return undefined
}
