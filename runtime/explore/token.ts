import { strategies, type Strategy } from './strategy.ts'

/** Names one run of an exploration, for `kscn replay`. */
export interface Token {
  readonly version: string
  readonly planHash: string
  readonly seed: string
  readonly index: number
  /** How many runs the exploration had been given: where a sweep ends depends on it. */
  readonly runs: number
  readonly strategy: Strategy | undefined
  /** Of the run's timeline. */
  readonly hash: string
  /** Where another run parts from it. */
  readonly path: string
  readonly file: string
  readonly line: number
}

const form = 'k1'

export const writeToken = (token: Token): string =>
  [
    form,
    token.version,
    token.planHash,
    encodeURIComponent(token.seed),
    `${token.index}of${token.runs}${token.strategy === undefined ? '' : `+${token.strategy}`}`,
    `${token.hash}.${token.path}`,
    `${token.file}:${token.line}`,
  ].join(':')

/** undefined: it is no token. */
export const readToken = (text: string): Token | undefined => {
  const found =
    /^k1:([^:]+):([0-9a-f]+):([^:]*):([0-9]+)of([0-9]+)(?:\+([a-z]+))?:([0-9a-f]{16})\.([\w-]+):(.+):([0-9]+)$/.exec(
      text,
    )
  if (found === null) return undefined
  const [, version, planHash, seed, index, runs, strategy, hash, path, file, line] = found
  const named = strategies.find((one) => one === strategy)
  if (named !== strategy) return undefined
  return {
    version: version!,
    planHash: planHash!,
    seed: decodeURIComponent(seed!),
    index: Number(index),
    runs: Number(runs),
    strategy: named,
    hash: hash!,
    path: path!,
    file: file!,
    line: Number(line),
  }
}
