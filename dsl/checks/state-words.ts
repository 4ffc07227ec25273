import { own } from '../names/own.ts'
import { isStateWord, stateWords } from '../../api/state-words/state-words.ts'
import { nearest } from '../diagnostics/did-you-mean.ts'
import type { Env } from '../lower/env.ts'
import type { Span } from '../source/span.ts'

/** What is usually meant where a word of another kind stands. */
const meant: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'deployments.apps': { Ready: '`is RolledOut` (new version everywhere) or `is Available` (minimum reached)' },
  'statefulsets.apps': { Ready: '`is RolledOut`' },
  'daemonsets.apps': { Ready: '`is RolledOut`' },
  'replicasets.apps': { Ready: '`is RolledOut`' },
  'jobs.batch': { Succeeded: '`is Complete`', Completed: '`is Complete`', Running: '`is Active`' },
  pods: {
    Deleted: '`is gone`',
    Complete: '`is Completed` or `is Succeeded`',
    NotReady: '`is not Ready`',
    Available: '`is Ready`',
  },
  nodes: {
    Unschedulable: '`is Cordoned`',
    Drained: '`is Cordoned`',
    Down: '`is NotReady`, or `kubelet/<node> is Down`',
    Up: '`is Ready`',
  },
}

/** K118: a state word that can never hold of the kind. */
export const checkStateWord = (resource: string, word: string, span: Span, env: Env): void => {
  if (word === 'gone' || isStateWord(resource, word)) return
  const { words } = stateWords(resource)
  const kind = env.kinds.byResourceName(resource)
  const singular = kind?.singular ?? resource
  const plural = kind?.plural ?? resource
  const article = /^[aeiou]/.test(singular) ? 'an' : 'a'
  const best = nearest(word, words)
  const usual = own(own(meant, resource) ?? {}, word)
  const shown = words.filter((one) => one !== 'Terminating')
  const list = `words for ${plural}: ${shown.slice(0, 14).join(', ')}${shown.length > 14 ? ', …' : ''}`
  const help =
    usual !== undefined ? `${list}\nusually meant: ${usual}` : best === undefined ? list : `did you mean \`${best}\`?`
  env.reporter.report('K118', span, `${article} ${singular} is never \`${word}\``, {
    help,
    fix: usual === undefined && best !== undefined ? { span, text: best } : undefined,
  })
}
