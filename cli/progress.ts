/** A line on the terminal that says what runs, for as long as it runs. */
export interface Progress {
  /** Told every so often; shown once a run has taken longer than people wait. */
  tell(text: string): void
  /** Takes the line away, before anything else is written. */
  clear(): void
}

const patienceMs = 1000
const betweenMs = 200

/** Silent in CI, and where the terminal cannot be written over: nobody reads progress in a file. */
export const createProgress = (stream: NodeJS.WriteStream, silent: boolean): Progress => {
  const shows = stream.isTTY && !silent && process.env['TERM'] !== 'dumb'
  const started = Date.now()
  let last = started + patienceMs - betweenMs
  let shown = false
  return {
    tell(text) {
      const now = Date.now()
      if (!shows || now - last < betweenMs) return
      last = now
      shown = true
      const room = Math.max(20, (stream.columns > 0 ? stream.columns : 80) - 1)
      stream.write(`\r\u001b[2K${[...text].slice(0, room).join('')}`)
    },
    clear() {
      if (shown) stream.write('\r\u001b[2K')
      shown = false
    },
  }
}
