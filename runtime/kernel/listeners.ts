/** Those who want to hear of a change, told in the order in which they came. */
export interface Listeners<A extends readonly unknown[]> {
  /** Returns how to stop listening. */
  readonly add: (listener: (...args: A) => void) => () => void
  /** Who comes or goes while the others are told is heeded from the next time on. */
  readonly tell: (...args: A) => void
}

export const createListeners = <A extends readonly unknown[] = []>(): Listeners<A> => {
  const listeners: ((...args: A) => void)[] = []
  return {
    add(listener) {
      listeners.push(listener)
      return () => {
        const at = listeners.indexOf(listener)
        if (at >= 0) listeners.splice(at, 1)
      }
    },
    tell(...args) {
      for (const listener of [...listeners]) listener(...args)
    },
  }
}
