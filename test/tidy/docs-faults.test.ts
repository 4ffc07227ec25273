import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { faultSignatures } from '../../dsl/names/fault-signatures.ts'
import { compileText } from '../unit/dsl/support/compile-text.ts'

const root = resolve(import.meta.dirname, '../..')

/** The code of the first column of a page's table of faults. */
const faultsIn = (page: string): readonly string[] => {
  const text = readFileSync(join(root, page), 'utf8')
  const table = /^\| Fault .*\n\|[-| ]+\n((?:\|.*\n)+)/m.exec(text)![1]!
  return table.split('\n').flatMap((row) => {
    const cell = row.replaceAll('\\|', '¦').split('|')[1] ?? ''
    return [...cell.matchAll(/`([^`]+)`/g)].map((found) => found[1]!)
  })
}

/** What a page writes for a name, and the names of the cluster below. */
const names: readonly (readonly [RegExp, string])[] = [
  [/\bnode\/x\b/, 'node/workers-0'],
  [/\b(kubelet|kube-proxy)\/x\b/, '$1/workers-0'],
  [/\bcontroller\/x\b/, 'controller/deployment'],
  [/\bregistry\/x\b/, 'registry/docker.io'],
  [/\bstorageclass\/x\b/, 'storageclass/ssd'],
  [/\bpartition X from Y\b/, 'partition scheduler from apiserver/*'],
  [/ X\b/, ' controller/deployment'],
  [/^((?:after|before)-write 2|between-writes)$/, 'crash controller/deployment $1'],
  [/\bscheduler\/leader\b/, 'scheduler'],
]

/** One sentence for each word that a page lets choose among. */
const alternatives = (sentence: string): readonly string[] => {
  const choice = /(\S+¦\S+)/.exec(sentence)
  return choice === null ? [sentence] : choice[1]!.split('¦').map((word) => sentence.replace(choice[1]!, word))
}

const accepted = (sentence: string): readonly string[] => {
  const named = names.reduce((text, [from, to]) => text.replace(from, to), sentence)
  const withRoom = /^flap\b(?!.*every)/.test(named) ? `${named} every 20s` : named
  return compileText(`scenario "s" {
  cluster {
    apiserver { replicas 2 }
    etcd { members 3 }
    storageclass ssd { default }
    pool workers 2 { cpu 1, zones [a, b] }
  }
  inject ${withRoom}
  wait 1h
}
`)
    .diagnostics.filter((one) => one.severity === 'error')
    .map((one) => `${one.code} ${one.message}`)
}

describe.each(['docs/language.md', 'docs/faults/README.md'])('the faults of %s', (page) => {
  const sentences = faultsIn(page)
  const whole = sentences.filter((one) => !['for', 'restart'].includes(one)).flatMap(alternatives)

  test('can be written', () => {
    const refused = whole.flatMap((one) => {
      // Names of a cluster's own things are the cluster's.
      const problems = accepted(one).filter((problem) => !/webhook|extender/.test(problem))
      return problems.length === 0 ? [] : [`${one}: ${problems.join('; ')}`]
    })
    expect(refused).toEqual([])
  })

  test('are all that there are', () => {
    const told = new Set(
      whole.map((one) => names.reduce((text, [from, to]) => text.replace(from, to), one).split(' ')[0]!),
    )
    expect([...told].filter((one) => Object.hasOwn(faultSignatures, one)).sort()).toEqual(
      Object.keys(faultSignatures).sort(),
    )
  })
})
