const pad = (value: number, width = 2): string => String(value).padStart(width, '0')

/** Microseconds since 1970 as metav1.Time prints them: whole seconds, UTC. */
export const rfc3339 = (micros: number): string => {
  const date = new Date(Math.floor(micros / 1_000_000) * 1000)
  const day = `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`
  return `${day}T${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}Z`
}
