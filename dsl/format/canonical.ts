const unitMillis: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `60s` is written `1m`, `90s` `1m30s`. For places where only a duration can stand; what is no duration stays. */
export const canonicalDuration = (text: string): string => {
  let millis = 0
  for (const part of text.match(/\d+(?:\.\d+)?[A-Za-z%]+/g) ?? []) {
    const [, digits = '', unit = ''] = /^([\d.]+)(.+)$/.exec(part) ?? []
    const scale = Object.hasOwn(unitMillis, unit) ? unitMillis[unit] : undefined
    if (scale === undefined) return text
    millis += Math.round(Number(digits) * scale * 1000) / 1000
  }
  if (!Number.isSafeInteger(millis) || millis === 0) return text
  let out = ''
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const scale = unitMillis[unit] ?? 1
    const count = Math.floor(millis / scale)
    if (count > 0) out += `${count}${unit}`
    millis -= count * scale
  }
  return out
}

/** `0.5` CPUs are written `500m`. */
export const canonicalCpu = (text: string): string => {
  const found = /^(\d+)\.(\d{1,3})$/.exec(text)
  if (found === null) return text
  const milli = Number(found[1]) * 1000 + Number((found[2] ?? '').padEnd(3, '0'))
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`
}
