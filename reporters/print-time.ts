/** Virtual time as reports print it: `0s`, `0.021s`, `41.2s`, `1m30s`, `5m9.214s`, `2h`. At most three decimals, none that are zero. */
export const printDuration = (micros: number): string => {
  const sign = micros < 0 ? '-' : ''
  const total = Math.floor(Math.abs(micros) / 1000)
  const hours = Math.floor(total / 3_600_000)
  const minutes = Math.floor((total % 3_600_000) / 60_000)
  const seconds = Math.floor((total % 60_000) / 1000)
  const fraction = String(total % 1000)
    .padStart(3, '0')
    .replace(/0+$/, '')
  const head = `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes}m` : ''}`
  const tail =
    seconds > 0 || fraction !== '' || head === '' ? `${seconds}${fraction === '' ? '' : `.${fraction}`}s` : ''
  return `${sign}${head}${tail}`
}

/** An instant: `t=41.2s`. */
export const printTime = (micros: number): string => `t=${printDuration(micros)}`
