import { kindWords } from './kind-words.ts'
import { podColumnForm } from './pod-words.ts'

const components = ['apiserver', 'etcd', 'scheduler', 'controller-manager', 'controller', 'kubelet', 'kube-proxy']
const componentWords = ['Up', 'Down', 'Leader', 'Healthy']
const containerWords = ['Waiting', 'Running', 'Terminated']

/** The state words of a kind. */
export interface StateWords {
  /** In the order of the language reference (3.8). `exists` and `gone` are not among them: they hold of anything. */
  readonly words: readonly string[]
  /** Any condition type is a word too. */
  readonly anyCondition: boolean
}

/** The words of a resource (`pods`, `deployments.apps`) or pseudo-kind (`kubelet`, `containers`). */
export const stateWords = (resource: string): StateWords => {
  const own = kindWords.get(resource)
  if (own !== undefined) return { words: [...own.keys(), 'Terminating'], anyCondition: false }
  if (components.includes(resource)) return { words: componentWords, anyCondition: false }
  if (resource === 'containers') return { words: containerWords, anyCondition: false }
  return { words: ['Terminating'], anyCondition: true }
}

/** Whether a word can hold of a resource. A word with `/` in it can only be a condition type, and is one of every kind. */
export const isStateWord = (resource: string, word: string): boolean => {
  const { words, anyCondition } = stateWords(resource)
  if (anyCondition || words.includes(word)) return true
  if (resource === 'pods' && podColumnForm(word) !== undefined) return true
  return kindWords.has(resource) && word.includes('/') && !word.includes(':')
}
