import { parseLabelSelector } from '../../api/selectors/parse-label-selector.ts'
import { InvariantError } from '../kernel/invariant-error.ts'

/** The predicate of a selector text, as in `kubectl -l`. */
export const selectorOf = (text: string): ((labels: { readonly [key: string]: string }) => boolean) => {
  const selector = parseLabelSelector(text)
  if ('error' in selector)
    throw new InvariantError('reconcile', 'a controller asked with a bad selector', { text, error: selector.error })
  return (labels) => selector.matches(labels)
}
