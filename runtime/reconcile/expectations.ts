import type { Key } from '../../api/kind.ts'
import { minute, type Micros } from '../kernel/micros.ts'
import type { Expect } from './controller.ts'

/** pkg/controller/controller_utils.go: ExpectationsTimeout. */
const expectationsTimeout: Micros = 5 * minute

interface Expected {
  adds: number
  deletions: number
  readonly at: Micros
  readonly podKeys: Set<string>
}

/** Upstream's UIDTrackingControllerExpectations: creates are counted, deletes known by their pods. */
export const createExpectations = (now: () => Micros): Expect => {
  const expected = new Map<Key, Expected>()
  return {
    creations(key, count) {
      const podKeys = expected.get(key)?.podKeys ?? new Set<string>()
      expected.set(key, { adds: count, deletions: 0, at: now(), podKeys })
    },
    deletions(key, podKeys, creations = 0) {
      expected.set(key, { adds: creations, deletions: new Set(podKeys).size, at: now(), podKeys: new Set(podKeys) })
    },
    creationObserved(key) {
      const one = expected.get(key)
      if (one !== undefined) one.adds -= 1
    },
    deletionObserved(key, podKey) {
      const one = expected.get(key)
      if (one?.podKeys.delete(podKey) === true) one.deletions -= 1
    },
    satisfied(key) {
      const one = expected.get(key)
      if (one === undefined) return true
      return (one.adds <= 0 && one.deletions <= 0) || now() - one.at > expectationsTimeout
    },
    forget(key) {
      expected.delete(key)
    },
  }
}
