/** Values told once: what was put in before is found by its text. */
export interface Pool<A> {
  readonly values: readonly A[]
  readonly place: (value: A) => number
}

export const createPool = <A>(): Pool<A> => {
  const values: A[] = []
  const places = new Map<string, number>()
  return {
    values,
    place(value) {
      const text = JSON.stringify(value)
      let place = places.get(text)
      if (place === undefined) {
        place = values.length
        places.set(text, place)
        values.push(value)
      }
      return place
    },
  }
}
