import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../../../api/object.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import { createMembers, type MembersOptions } from '../../../../runtime/etcd/create-members.ts'
import type { Etcd, EtcdEvent, Txn, TxnResult } from '../../../../runtime/etcd/etcd.ts'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'
import { createNetwork } from '../../../../runtime/network/network.ts'

const maps = builtinScheme().byKind('v1/ConfigMap')!
const second = 1_000_000

const world = (more: Partial<MembersOptions> = {}) => {
  const kernel = createKernel({ seed: 's', startAt: 0 })
  const network = createNetwork()
  const truths: string[] = []
  let entries = 0
  const trace = {
    append(kind: string, _actor: unknown, action: string, subject: string): number {
      if (kind === 'truth') truths.push(`${action} ${subject}`)
      return (entries += 1)
    },
  }
  const members = createMembers({
    kernel,
    trace,
    names: ['etcd/0', 'etcd/1', 'etcd/2'],
    fsync: 1000,
    reaches: (from, to) => network.reachable([from], [to]),
    ...more,
  })
  for (const member of members.members) member.start()
  network.subscribe(() => members.changed())
  const advance = (by: number): void => {
    const to = kernel.now + by
    while (kernel.step(to));
    kernel.idleUntil(to)
  }
  return { kernel, network, members, advance, truths, client: members.client(0, () => true) }
}

const txn = (name: string, text = ''): Txn => ({
  compare: [],
  ops: [
    {
      type: 'put',
      resource: maps,
      key: `d/${name}`,
      value: (revision) =>
        ({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name, namespace: 'd', uid: name, resourceVersion: String(revision) },
          data: { text },
        }) as unknown as KubeObject,
    },
  ],
})

const write = (etcd: Etcd, name: string, text?: string): { result: TxnResult | undefined } => {
  const answer: { result: TxnResult | undefined } = { result: undefined }
  etcd.txn(txn(name, text), (result) => (answer.result = result))
  return answer
}

describe('members of etcd', () => {
  test('a majority commits; nothing happens while nothing fails', () => {
    const { members, client, advance, kernel } = world()
    expect(members.leader()).toBe('etcd/0')
    const answer = write(client, 'a')
    advance(second)
    expect(answer.result).toMatchObject({ ok: true, revision: 2 })
    expect(kernel.nextAt()).toBeUndefined()
  })

  test('one of three may crash; with two gone nobody commits, and the client hears of it', () => {
    const { members, client, advance } = world()
    members.members[1]!.stop('crash')
    const first = write(client, 'a')
    advance(second)
    expect(first.result?.ok).toBe(true)
    members.members[2]!.stop('crash')
    const other = write(client, 'b')
    expect(members.leader()).toBeUndefined()
    advance(10 * second)
    expect(other.result).toEqual({ ok: false, error: 'etcdserver: request timed out' })
    members.members[1]!.start()
    advance(3 * second)
    expect(members.leader()).toBeDefined()
    expect(client.get(maps, 'd/a')?.value.metadata.name).toBe('a')
    expect(client.get(maps, 'd/b')).toBeUndefined()
  })

  test('a leader that crashes is replaced in an election timeout; waiting writes go on', () => {
    const { members, advance, truths } = world()
    members.members[0]!.stop('crash')
    const answer = write(
      members.client(1, () => true),
      'a',
    )
    advance(second - 1)
    expect(answer.result).toBeUndefined()
    advance(2 * second)
    expect(answer.result?.ok).toBe(true)
    expect(members.term).toBe(2)
    expect(truths.filter((one) => one.startsWith('lead'))).toHaveLength(2)
  })

  test('a member without quorum neither writes nor reads, and keeps what it had', () => {
    const { members, network, advance } = world()
    const alone = members.client(2, (member) => member === 'etcd/2')
    const heal = network.cut('etcd/2', 'etcd/[01]'.replace('[01]', '*'))
    const others = members.client(0, () => true)
    write(others, 'a')
    let read: string | undefined = 'no answer'
    alone.barrier((error) => (read = error))
    const answer = write(alone, 'b')
    advance(8 * second)
    expect(others.get(maps, 'd/a')).toBeDefined()
    expect(alone.get(maps, 'd/a')).toBeUndefined()
    expect(read).toBe('etcdserver: request timed out')
    expect(answer.result?.ok).toBe(false)
    heal()
    advance(second)
    expect(alone.get(maps, 'd/a')).toBeDefined()
  })

  test('a returning member tells its watchers what they missed, in order; or that it is lost', () => {
    const { members, network, advance } = world()
    const alone = members.client(2, (member) => member === 'etcd/2')
    const heard: EtcdEvent[] = []
    let lost = 0
    alone.watch(
      maps,
      (events) => heard.push(...events),
      () => (lost += 1),
    )
    const others = members.client(0, () => true)
    let heal = network.cut('etcd/2', 'etcd/*')
    write(others, 'a')
    write(others, 'b')
    advance(second)
    expect(heard).toHaveLength(0)
    heal()
    expect(heard.map(({ key }) => key)).toEqual(['d/a', 'd/b'])
    heal = network.cut('etcd/2', 'etcd/*')
    write(others, 'c')
    advance(second)
    members.compact(others.revision)
    heal()
    expect([heard.length, lost]).toEqual([2, 1])
  })

  test('a slow member lags; a slow disk delays commits', () => {
    const { members, advance } = world()
    const heal = members.members[1]!.lag(2 * second)
    const client = members.client(1, (member) => member === 'etcd/1')
    const heard: number[] = []
    client.watch(maps, (events) => heard.push(...events.map(({ revision }) => revision)))
    write(client, 'a')
    advance(second)
    expect([client.revision, client.told, heard.length]).toEqual([2, 1, 0])
    advance(2 * second)
    expect([client.told, heard]).toEqual([2, [2]])
    heal()
    members.slow(3 * second)
    const late = write(client, 'b')
    advance(2 * second)
    expect(late.result).toBeUndefined()
    advance(2 * second)
    expect(late.result?.ok).toBe(true)
  })

  test('the space quota: writes are refused, deletions are not, until room is made', () => {
    const { members, client, advance } = world({ quota: 600 })
    write(client, 'a', 'x'.repeat(700))
    advance(second)
    expect(members.alarm).toBe(true)
    const refused = write(client, 'b')
    advance(second)
    expect(refused.result).toEqual({ ok: false, error: 'etcdserver: mvcc: database space exceeded' })
    let gone: TxnResult | undefined
    client.txn({ compare: [], ops: [{ type: 'delete', resource: maps, key: 'd/a' }] }, (result) => (gone = result))
    advance(second)
    expect(gone?.ok).toBe(true)
    members.disarm()
    expect(members.alarm).toBe(true)
    members.defragment()
    members.disarm()
    const again = write(client, 'b')
    advance(second)
    expect(again.result?.ok).toBe(true)
  })
})
