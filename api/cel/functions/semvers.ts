import { define, type Overload } from '../overloads.ts'
import { fail, opaque, type Failure, type Opaque, type Value } from '../values.ts'

interface Semver {
  readonly numbers: readonly bigint[]
  readonly pre: readonly string[]
}

const parse = (text: string): Semver | Failure => {
  if (text === '') return fail('Version string empty')
  const found = /^([^.+-]*)\.([^.+-]*)\.([^+-]*)(?:-([^+]*))?(?:\+(.*))?$/.exec(text)
  if (found === null) return fail('No Major.Minor.Patch elements found')
  const numbers: bigint[] = []
  for (const [index, name] of (['major', 'minor', 'patch'] as const).entries()) {
    const part = found[index + 1]!
    if (!/^\d+$/.test(part)) return fail(`Invalid character(s) found in ${name} number "${part}"`)
    if (part.length > 1 && part.startsWith('0'))
      return fail(`${name[0]!.toUpperCase()}${name.slice(1)} number must not contain leading zeroes "${part}"`)
    numbers.push(BigInt(part))
  }
  const pre = found[4] === undefined ? [] : found[4].split('.')
  for (const part of pre) {
    if (part === '') return fail('Prerelease is empty')
    if (!/^[0-9A-Za-z-]+$/.test(part)) return fail(`Invalid character(s) found in prerelease "${part}"`)
    if (/^0\d+$/.test(part)) return fail(`Numeric PreRelease version must not contain leading zeroes "${part}"`)
  }
  if (found[5]?.split('.').some((part) => !/^[0-9A-Za-z-]+$/.test(part)) === true)
    return fail(`Invalid character(s) found in build meta data "${found[5]}"`)
  return { numbers, pre }
}

/** A leading v is dropped, missing numbers are zero, leading zeros go (semver.ParseTolerant). */
const normalized = (text: string): string => {
  const [, core = '', rest = ''] = /^\s*v?([^+-]*)(.*?)\s*$/.exec(text) ?? []
  const parts = core.split('.').map((part) => part.replace(/^0+(?=\d)/, ''))
  while (parts.length < 3) parts.push('0')
  return parts.join('.') + rest
}

const comparePart = (a: string, b: string): number => {
  const [x, y] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (x && y) return BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0
  if (x !== y) return x ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

const compare = (left: Semver, right: Semver): number => {
  for (let index = 0; index < 3; index += 1) {
    const [a, b] = [left.numbers[index]!, right.numbers[index]!]
    if (a !== b) return a < b ? -1 : 1
  }
  if (left.pre.length === 0 || right.pre.length === 0) return Math.sign(right.pre.length - left.pre.length)
  for (let index = 0; index < Math.min(left.pre.length, right.pre.length); index += 1) {
    const order = comparePart(left.pre[index]!, right.pre[index]!)
    if (order !== 0) return order
  }
  return Math.sign(left.pre.length - right.pre.length)
}

const held = (value: Value | undefined): Semver => (value as Opaque).value as Semver
const make = (text: string): Value => {
  const parsed = parse(text)
  return 'kind' in parsed ? parsed : opaque('kubernetes.Semver', parsed, text.replace(/\+.*$/, ''))
}
const order = ([a, b]: readonly Value[]): number => compare(held(a), held(b))

/** k8s.io/apiserver/pkg/cel/library/semverlib.go */
export const semvers: readonly Overload[] = [
  define('semver', 'string -> Semver', ([text]) => make(text as string)),
  define('semver', 'string, bool -> Semver', ([text, normal]) =>
    make(normal === true ? normalized(text as string) : (text as string)),
  ),
  define('isSemver', 'string -> bool', ([text]) => !('kind' in parse(text as string))),
  define(
    'isSemver',
    'string, bool -> bool',
    ([text, normal]) => !('kind' in parse(normal === true ? normalized(text as string) : (text as string))),
  ),
  define('.isGreaterThan', 'Semver, Semver -> bool', (args) => order(args) > 0),
  define('.isLessThan', 'Semver, Semver -> bool', (args) => order(args) < 0),
  define('.compareTo', 'Semver, Semver -> int', (args) => BigInt(order(args))),
  define('.major', 'Semver -> int', ([one]) => held(one).numbers[0]!),
  define('.minor', 'Semver -> int', ([one]) => held(one).numbers[1]!),
  define('.patch', 'Semver -> int', ([one]) => held(one).numbers[2]!),
]
