/** Colours by meaning. Colour never carries meaning alone: the words say the same. */
export type Tone = 'good' | 'bad' | 'warn' | 'faint' | 'strong' | 'add' | 'remove' | 'accent'

const codes: Readonly<Record<Tone, readonly [number, number]>> = {
  good: [32, 39],
  bad: [31, 39],
  warn: [33, 39],
  faint: [2, 22],
  strong: [1, 22],
  add: [32, 39],
  remove: [31, 39],
  accent: [36, 39],
}

export type Paint = (tone: Tone, text: string) => string

export const createPaint = (color: boolean): Paint =>
  color
    ? (tone, text) => (text === '' ? '' : `\u001b[${codes[tone][0]}m${text}\u001b[${codes[tone][1]}m`)
    : (_tone, text) => text
