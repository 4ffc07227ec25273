/** What the terminal can do, by the conventions of NO_COLOR, FORCE_COLOR, TERM and COLUMNS. */
export interface Terminal {
  readonly color: boolean
  readonly width: number
}

export const terminalOf = (stream: NodeJS.WriteStream, flag: boolean | undefined): Terminal => {
  const { NO_COLOR, FORCE_COLOR, TERM, COLUMNS } = process.env
  const color =
    flag ??
    (FORCE_COLOR !== undefined && FORCE_COLOR !== ''
      ? FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
      : !(NO_COLOR !== undefined && NO_COLOR !== '') && TERM !== 'dumb' && stream.isTTY === true)
  const columns = Number(COLUMNS)
  const width = Number.isInteger(columns) && columns > 0 ? columns : (stream.columns ?? 100)
  return { color, width: Math.max(60, Math.min(width, 160)) }
}
