/** What the page shows; all of it stands in the address, so that an instant can be sent to somebody. */
export interface View {
  readonly scenario: number
  /** Virtual microseconds. */
  readonly at: number
  /** Timeline subject of the object that is open, or ''. */
  readonly object: string
  /** Revisions that are compared, as places in the object's history; -1 for the last two. */
  readonly from: number
  readonly to: number
  readonly query: string
  readonly lanes: string
}

export const firstView: View = { scenario: 0, at: 0, object: '', from: -1, to: -1, query: '', lanes: 'main' }

const whole = (text: string | null, otherwise: number): number => {
  const value = Number(text ?? NaN)
  return Number.isSafeInteger(value) && value >= -1 ? value : otherwise
}

export const readLink = (hash: string): View => {
  const part = new URLSearchParams(hash.replace(/^#/, ''))
  return {
    scenario: Math.max(0, whole(part.get('s'), 1) - 1),
    at: Math.max(0, whole(part.get('t'), 0)),
    object: part.get('o') ?? '',
    from: whole(part.get('a'), -1),
    to: whole(part.get('b'), -1),
    query: part.get('q') ?? '',
    lanes: part.get('l') ?? 'main',
  }
}

export const writeLink = (view: View): string => {
  const part = new URLSearchParams()
  part.set('s', String(view.scenario + 1))
  part.set('t', String(view.at))
  if (view.object !== '') part.set('o', view.object)
  if (view.from >= 0) part.set('a', String(view.from))
  if (view.to >= 0) part.set('b', String(view.to))
  if (view.query !== '') part.set('q', view.query)
  if (view.lanes !== 'main') part.set('l', view.lanes)
  return `#${part.toString()}`
}
