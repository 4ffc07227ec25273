import type { CorpusFile } from '../fuzzer.ts'
import type { Random } from '../random.ts'
import { nests, signs, traps, words } from './words.ts'

const token = /```+[^\n]*|"[^"\n]*"|\$?\{|[A-Za-z0-9_.-]+|\s+|./gsu

/** The statements of a text, each with the blocks and braces that belong to it. */
const statementsOf = (text: string): readonly string[] => {
  const out: string[] = []
  let kept: string[] = []
  let depth = 0
  let fence = 0
  for (const line of text.split('\n')) {
    kept.push(line)
    const ticks = /`{3,}/.exec(line)?.[0].length ?? 0
    if (fence > 0) {
      if (ticks >= fence) fence = 0
    } else if (ticks > 0) fence = ticks
    else depth += line.split('{').length - line.split('}').length
    if (fence > 0 || depth > 1) continue
    out.push(kept.join('\n'))
    kept = []
  }
  return out
}

export const createInputs = (corpus: readonly CorpusFile[]): ((random: Random) => string) => {
  const files = corpus.filter(({ path }) => path.endsWith('.kscn')).map(({ text }) => text)
  const small = files.filter((text) => text.length < 3000)
  const statements = files
    .flatMap(statementsOf)
    .filter((one) => one.length < 600 && one.startsWith('  ') && one.trim() !== '' && one.trim() !== '}')
  const declarations = files
    .flatMap((text) => text.split(/\n(?=[a-z@#])/))
    .filter((one) => one.length < 400 && !/^(scenario|property)/.test(one))

  const any = (random: Random): string => {
    const kind = random.below(10)
    if (kind < 5) return random.pick(words)
    return kind < 8 ? random.pick(signs) : random.pick(traps)
  }

  /** One statement after the other, in a scenario with a cluster. */
  const assemble = (random: Random): string => {
    let out = random.oneIn(6) ? `${random.pick(declarations)}\n` : ''
    out += 'scenario "fuzz" {\n  cluster { pool workers 2 { cpu 2, memory 4Gi } }\n'
    const count = 1 + random.below(3)
    for (let index = 0; index < count; index += 1) out += `${random.pick(statements)}\n`
    return `${out}}\n`
  }

  const mutateTokens = (text: string, random: Random): string => {
    const tokens = text.match(token) ?? []
    const edits = 1 + random.below(3)
    for (let edit = 0; edit < edits && tokens.length > 0; edit += 1) {
      const at = random.below(tokens.length)
      const other = random.below(tokens.length)
      switch (random.below(7)) {
        case 0:
          tokens.splice(at, 1)
          break
        case 1:
          tokens.splice(at, 1 + random.below(6))
          break
        case 2:
          tokens.splice(at, 0, any(random))
          break
        case 3:
          tokens[at] = any(random)
          break
        case 4:
          tokens[at] = tokens[other]!
          break
        case 5:
          ;[tokens[at], tokens[other]] = [tokens[other]!, tokens[at]!]
          break
        default:
          tokens.splice(at, 0, ...tokens.slice(other, other + 1 + random.below(8)))
      }
    }
    return tokens.join('')
  }

  const mutateLines = (text: string, random: Random): string => {
    const lines = text.split('\n')
    const at = random.below(lines.length)
    const other = random.below(lines.length)
    switch (random.below(5)) {
      case 0:
        lines.splice(at, 1)
        break
      case 1:
        lines.splice(at, 0, lines[other]!)
        break
      case 2:
        lines.splice(at, 0, random.pick(statements))
        break
      case 3:
        lines[at] = ' '.repeat(random.below(8)) + lines[at]!.trim()
        break
      default:
        lines.splice(at, 1 + random.below(4), ...random.pick(statements).split('\n'))
    }
    return lines.join('\n')
  }

  const mutateCharacters = (text: string, random: Random): string => {
    let out = text
    const edits = 1 + random.below(4)
    for (let edit = 0; edit < edits; edit += 1) {
      const at = random.below(out.length + 1)
      const put = random.oneIn(2) ? '' : String.fromCharCode(random.oneIn(8) ? random.below(65536) : random.below(128))
      out = out.slice(0, at) + put + out.slice(at + random.below(3))
    }
    return out
  }

  const sentence = (random: Random): string => {
    let out = 'scenario "fuzz" {\n  cluster { pool workers 1 { cpu 2, memory 4Gi } }\n'
    for (let line = random.below(3); line >= 0; line -= 1) {
      out += `  ${random.pick(words)}`
      for (let word = random.below(7); word >= 0; word -= 1) out += ` ${any(random)}`
      out += '\n'
    }
    return `${out}}\n`
  }

  const rawText = (random: Random): string => {
    let out = ''
    const wide = random.oneIn(3)
    for (let left = random.below(120); left > 0; left -= 1)
      out += String.fromCharCode(wide ? random.below(65536) : random.below(256))
    return out
  }

  const nested = (random: Random): string => {
    const depth = random.oneIn(300) ? 3000 : 1 + random.below(30)
    const [open, close] = random.pick(nests)
    const inner = `${open.repeat(depth)}${random.pick(words)}${random.oneIn(3) ? '' : close.repeat(depth)}`
    const place = random.pick([
      'expect ',
      'let x = ',
      'cluster ',
      'apply ```yaml\n    ',
      'wait ',
      'scale deployment/web to ',
      'behavior image "x" ',
    ])
    return `scenario "fuzz" {\n  ${place}${inner}${place.includes('```') ? '\n  ```' : ''}\n}\n`
  }

  return (random) => {
    const kind = random.below(100)
    if (kind < 6) return rawText(random)
    if (kind < 14) return sentence(random)
    if (kind < 18) return nested(random)
    const base = kind < 21 ? random.pick(small) : assemble(random)
    const way = random.below(20)
    if (way === 0) return base
    if (way === 1) return base.replaceAll('\n', '\r\n')
    if (way < 12) return mutateTokens(base, random)
    if (way < 16) return mutateLines(base, random)
    if (way < 18) return mutateCharacters(base, random)
    return mutateTokens(mutateLines(base, random), random)
  }
}
