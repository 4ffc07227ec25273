/** One link of a chain as the matcher needs it: whether anything may come before the next link. */
export interface ChainPosition {
  /** `...` stands between this link and the next. */
  readonly gapAfter: boolean
}

/**
 * `A -> B -> ... -> C` over a history (language reference 3.6): A holds, later B holds, and every state between satisfies A
 * or B; `...` allows anything between. A row tells which links hold in one state, and `ignored` which states a pair of links
 * does not see at all (a hop of a component that neither of them names).
 *
 * `sameState` allows one state to satisfy a link and the next: words of a state are independent of each other, and `Running`
 * and `Ready` may come with one write. Events and hops are one thing each and are used up by one link.
 */
export const createChain = (links: readonly ChainPosition[], sameState: boolean): Chain => {
  const active = links.map(() => false)
  let furthest = 0
  return {
    step(holds, ignored) {
      const before = active.slice()
      for (const [index, link] of links.entries()) {
        const stays =
          before[index]! &&
          (link.gapAfter || holds(index) || index + 1 >= links.length || holds(index + 1) || ignored?.(index) === true)
        const arrives =
          holds(index) && (index === 0 || before[index - 1]! || (sameState && active[index - 1]! && holds(index - 1)))
        active[index] = stays || arrives
        if (active[index]) furthest = Math.max(furthest, index + 1)
      }
      return active[links.length - 1] === true
    },
    get furthest() {
      return furthest
    },
  }
}

export interface Chain {
  /** Shows the next state. True once the last link has been reached. */
  step(holds: (link: number) => boolean, ignored?: (link: number) => boolean): boolean
  /** Number of links that were ever reached in order. */
  readonly furthest: number
}
