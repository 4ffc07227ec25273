/** A line of a container's log; `at` in microseconds since 1970. */
export interface LogLine {
  readonly at: number
  readonly text: string
}

/** PodLogOptions, as far as they choose. */
export interface LogOptions {
  readonly tailLines: number | undefined
  readonly limitBytes: number | undefined
  /** Not what is older: microseconds since 1970. */
  readonly since: number | undefined
  readonly timestamps: boolean
}

/** k8s.io/cri-client/pkg/logs: ReadLogs. The end of the file is looked up first; what is too old there is skipped; then bytes are counted. */
export const selectLog = (
  lines: readonly LogLine[],
  { tailLines, limitBytes, since, timestamps }: LogOptions,
  timeOf: (at: number) => string,
): string => {
  const tail = tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - tailLines))
  const text = tail
    .filter((line) => since === undefined || line.at >= since)
    .map((line) => `${timestamps ? `${timeOf(line.at)} ` : ''}${line.text}\n`)
    .join('')
  return limitBytes === undefined ? text : firstBytes(text, limitBytes)
}

/** Of UTF-8; a character that does not fit whole is left out. */
const firstBytes = (text: string, limit: number): string => {
  let bytes = 0
  let end = 0
  for (const one of text) {
    const code = one.codePointAt(0)!
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4
    if (bytes > limit) break
    end += one.length
  }
  return text.slice(0, end)
}
