import { describe, expect, it } from 'vitest'
import type { Plot } from '../runner/fake-cluster.ts'
import { runText } from '../runner/run-text.ts'

const pod = (name: string, app: string, ready: boolean, namespace?: string): object => ({
  metadata: { name, labels: { app }, ...(namespace === undefined ? {} : { namespace }) },
  spec: { containers: [] },
  status: { phase: ready ? 'Running' : 'Pending', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
})

/** Pods come, become ready one a second, change their label, and go. */
const changing: Plot = (cluster) => {
  cluster.put('pods', pod('a', 'web', false))
  cluster.at(1, () => cluster.put('pods', pod('b', 'web', false)))
  cluster.at(2, () => cluster.put('pods', pod('a', 'web', true)))
  cluster.at(3, () => cluster.put('pods', pod('x', 'web', true, 'other')))
  cluster.at(4, () => cluster.put('pods', pod('b', 'web', true)))
  cluster.at(5, () => cluster.put('pods', pod('b', 'db', true)))
  cluster.at(6, () => cluster.remove('pods', 'default', 'a'))
  cluster.at(7, () => cluster.put('pods', pod('c', 'web', false)))
}

const codes = (sentence: string): readonly string[] =>
  runText(sentence, changing).record.findings.map((finding) => finding.code)

describe('a tally kept from change to change', () => {
  it.each([
    'expect exactly 2 pods[app=web] are Ready within 4s',
    'expect all pods[app=web] are Ready within 4s',
    'expect exactly 3 pods[app=web]@* exist within 4s',
    'expect no pods[app=web] exist within 7s',
    'expect pods[app=web] are not gone within 1s',
    'expect at most 1 pods exist within 7s',
    'expect any pods[app=web] are not Ready within 1s\nexpect no pods[app=web] are not Ready within 5s',
    'wait 6s\nexpect no pods[app=web] exist\nexpect exactly 1 pods are Ready\nexpect exactly 1 pods[app=web] are not Ready within 2s',
  ])('%s', (sentence) => {
    expect(codes(sentence)).toEqual([])
  })

  it.each([
    'expect exactly 3 pods[app=web] are Ready within 20s',
    'expect exactly 2 pods[app=web] are Ready within 3s',
    'always at most 1 pods[app=web] are Ready\nwait 10s',
    'never exactly 2 pods[app=web] exist\nwait 10s',
    'wait 8s\nexpect pods[app=web] are Ready',
  ])('%s: fails', (sentence) => {
    expect(codes(sentence)).not.toEqual([])
  })
})
