import { describe, expect, it } from 'vitest'
import { compile } from '../../../dsl/compile.ts'
import type { ScenarioPlan } from '../../../dsl/plan/plan.ts'
import type { KubeObject } from '../../../api/object.ts'
import { second } from '../../../runtime/kernel/micros.ts'
import { done, type Controller } from '../../../runtime/reconcile/controller.ts'
import { laws } from './laws.ts'
import { observeWhole } from './observe.ts'

// Every law is shown to fail: a controller that breaks it runs beside the built-in ones, and the law says so.

const text = `
scenario "two config maps" {
  cluster { pool workers 1 { cpu 4, memory 8Gi } }
  apply \`\`\`yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: { name: planted }
    roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
    subjects: [{ kind: ServiceAccount, name: planted, namespace: kube-system }]
  \`\`\`
  apply \`\`\`yaml
    apiVersion: v1
    kind: ConfigMap
    metadata: { name: a }
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: { name: b }
  \`\`\`
  wait 10s
  expect configmap/a exists
}
`
const scenario = ((): ScenarioPlan => {
  const file = { path: 'planted.kscn', text }
  const { plan, diagnostics } = compile([file.path], { read: () => file, glob: () => [file.path] })
  if (plan === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'))
  return plan.scenarios[0]!
})()

type Planted = Pick<Controller, 'reconcile'> & Partial<Controller>

const planted = (controller: Planted): Controller => ({
  name: 'planted',
  reconciles: 'v1/ConfigMap',
  when: ({ object }) => object.metadata.namespace === 'default' && object.metadata.name.length === 1,
  ...controller,
})

const annotated = (object: KubeObject, value: string): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, planted: value } },
})

const lines: string[] = []
const brokenLaws = (controller: Planted): readonly string[] => {
  const controllers = [planted(controller)]
  const seen = observeWhole(scenario, { planted: controllers })
  return laws
    .filter((law) => {
      const { broken } = law.check({ scenario, seen, planted: controllers }, 'all')
      lines.push(...broken)
      return broken.length > 0
    })
    .map((law) => law.name)
}

describe('a law is broken by', () => {
  it('nobody, when the planted controller keeps them', () => {
    const found = brokenLaws({
      *reconcile(key, io) {
        const map = io.read.get(key)
        if (map === undefined || map.metadata.annotations?.['planted'] === 'seen') return done
        const answer = yield* io.write.update(annotated(map, 'seen'))
        return answer.ok ? done : { retry: answer.message }
      },
    })
    expect(found).toEqual([])
  })

  it('converges: a controller that never leaves an object alone', () => {
    const found = brokenLaws({
      *reconcile(key, io) {
        const map = io.read.get(key)
        if (map === undefined) return done
        yield* io.write.update(annotated(map, map.metadata.annotations?.['planted'] === 'tick' ? 'tock' : 'tick'))
        return { requeueAfter: 60 * second }
      },
      // What it writes is no news to it.
      watches: {
        'v1/ConfigMap': (object, _io, before) => (before === undefined ? [`default/${object.metadata.name}`] : []),
      },
    })
    expect(found).toContain('converges')
  })

  it('idempotent: a controller that writes whenever it looks', () => {
    const found = brokenLaws({
      *reconcile(key, io) {
        const map = io.read.get(key)
        if (map !== undefined) yield* io.write.update(annotated(map, io.timestamp()))
        return done
      },
      watches: {
        'v1/ConfigMap': (object, _io, before) => (before === undefined ? [`default/${object.metadata.name}`] : []),
      },
    })
    expect(found).toContain('idempotent')
    expect(found).not.toContain('converges')
  })

  it('declared: a controller that writes what it does not speak of', () => {
    const found = brokenLaws({
      *reconcile(key, io) {
        const { name } = io.read.get(key)?.metadata ?? {}
        if (name !== undefined)
          yield* io.write.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'default' } })
        return done
      },
    })
    expect(found).toEqual(['declared'])
  })

  it('order: a controller that crowns whom it hears of first', () => {
    const found = brokenLaws({
      memory: () => ({ first: undefined }),
      *reconcile(key, io) {
        const memory = io.memory as { first: string | undefined }
        memory.first ??= key
        const map = io.read.get(key)
        if (map === undefined || memory.first !== key) return done
        if (io.read.list('v1/ConfigMap', { namespace: 'default' }).some((one) => one.metadata.annotations?.['planted']))
          return done
        yield* io.write.update(annotated(map, 'first'))
        return done
      },
    })
    expect(found).toContain('order')
  })

  it('crash: a controller that takes its second write for granted once the first is there', () => {
    const found = brokenLaws({
      writes: ['v1/Secret'],
      *reconcile(key, io) {
        const map = io.read.get(key)
        if (map === undefined || map.metadata.annotations?.['planted'] === 'done') return done
        const answer = yield* io.write.update(annotated(map, 'done'))
        if (!answer.ok) return { retry: answer.message }
        const { name } = map.metadata
        yield* io.write.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'default' } })
        return done
      },
    })
    expect(found).toEqual(['crash'])
    expect(lines.join('\n')).toContain('- secrets/default/a')
  })
})
