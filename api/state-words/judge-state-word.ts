import type { KubeObject } from '../object.ts'
import { conditionWord, kindWords } from './kind-words.ts'
import { podColumnForm } from './pod-words.ts'
import type { Surroundings, WordRule } from './word-rule.ts'

const nothingAround: Surroundings = { list: () => [] }
const terminating: WordRule = { holds: (object) => object.metadata.deletionTimestamp !== undefined }
const conditionRules = new Map<string, WordRule>()

/** The rule of a word; a word that the kind does not have is taken for a condition type. */
export const wordRule = (resource: string, word: string): WordRule => {
  if (word === 'Terminating') return terminating
  const known = kindWords.get(resource)?.get(word) ?? (resource === 'pods' ? podColumnForm(word) : undefined)
  if (known !== undefined) return known
  let rule = conditionRules.get(word)
  if (rule === undefined) {
    rule = conditionWord(word)
    conditionRules.set(word, rule)
  }
  return rule
}

/** Whether the word holds of the object. */
export const judgeStateWord = (
  resource: string,
  word: string,
  object: KubeObject,
  around: Surroundings = nothingAround,
): boolean => wordRule(resource, word).holds(object, around)
