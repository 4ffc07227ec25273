/** Small integers for texts, in order of first appearance. */
export interface Interner {
  index(text: string): number
  find(text: string): number | undefined
  text(index: number): string
}

export const createInterner = (): Interner => {
  const indexes = new Map<string, number>()
  const texts: string[] = []
  return {
    index(text) {
      let index = indexes.get(text)
      if (index === undefined) {
        index = texts.length
        texts.push(text)
        indexes.set(text, index)
      }
      return index
    },
    find: (text) => indexes.get(text),
    text: (index) => texts[index]!,
  }
}
