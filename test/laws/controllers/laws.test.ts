import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { builtinControllers } from '../../../runtime/controllers/registry.ts'
import { second } from '../../../runtime/kernel/micros.ts'
import type { Emission } from '../../../runtime/record/emission.ts'
import type { RequestNote } from '../../../runtime/record/request-note.ts'
import { differenceAt, gapsOf } from './crash-gaps.ts'
import { eventReasons, unreachableReasons } from './event-reasons.ts'
import { finalState } from './final-state.ts'
import { lawRun, runOn, scenariosOf, type LawRun } from './law-run.ts'

const folder = 'scenarios/controllers'
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.kscn'))
  .sort()
const controllers = builtinControllers({ 'allocate-node-cidrs': 'true', 'cluster-cidr': '10.0.0.0/16' })
const process = 'kube-controller-manager'
const accountOf = (one: (typeof controllers)[number]): string =>
  one.account === process ? `system:${process}` : (one.account ?? one.name)
const accounts = new Set(controllers.map(accountOf))

/** Kinds that a controller says it works with; undefined: all of them (garbage, namespaces) or those that users name (scale). */
const declared = (account: string): ReadonlySet<string> | undefined => {
  const kinds = new Set<string>()
  for (const one of controllers) {
    if (accountOf(one) !== account) continue
    if (one.watchesAll !== undefined || account === 'namespace-controller') return undefined
    for (const kind of [one.reconciles, ...(one.owns ?? []), ...(one.reads ?? []), ...Object.keys(one.watches ?? {})])
      kinds.add(kind)
  }
  return kinds
}

/** Where something is tried again for ever, or a new process sees what an old one has forgotten: as upstream. */
const restless: Readonly<Record<string, string>> = {
  'autoscaler-disabled.kscn': 'the autoscaler looks at its metrics for ever',
  'autoscaler-min.kscn': 'the autoscaler looks at its metrics for ever',
  'budget-controller-unknown.kscn': 'the budget is tried again for ever',
  'budget-two.kscn': 'a pod wakes only the first of its budgets (getPdbForPod); a new process looks at all',
  'deployment-progress-deadline.kscn': 'its pods never get ready',
  'deployment-proportional-scaling.kscn': 'its pods never get ready',
  'deployment-quota-fails.kscn': 'a refused pod is tried again for ever',
  'deployment-replica-set-refused.kscn': 'a refused replica set is tried again for ever',
  'endpoint-slices-refused.kscn': 'a refused slice is tried again for ever',
  'endpoints-not-ready.kscn': 'its pods never get ready',
  'endpoints-publish-not-ready.kscn': 'its pods never get ready',
  'ephemeral-volume-conflict.kscn': 'the claim of another is looked at for ever',
  'node-cidr-exhausted.kscn': 'a range is asked for again for ever',
  'node-eviction.kscn': 'a pod on a dead node never ends; a new process asks for it once more',
  'node-zone-dark.kscn': 'nobody can come back from a dark cluster',
  'replica-set-delete-refused.kscn': 'a refused delete is tried again for ever',
  'replica-set-failed-pod.kscn': 'its pod exits and starts for ever',
  'stateful-set-quota.kscn': 'a refused pod is tried again for ever',
}

const hit = new Set<string>()
const note = ({ record }: LawRun): void => {
  const { timeline } = record
  for (let entry = 0; entry < timeline.length; entry += 1)
    if (timeline.kind(entry) === 'emission') hit.add((timeline.data(entry) as Emission).reason)
}

/** Writes of the controllers since an entry. */
const writesSince = (run: LawRun, from: number): readonly string[] => {
  const { timeline } = run.cluster
  const found: string[] = []
  for (let entry = from; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) !== 'request') continue
    const { agent, verb, resource, code } = timeline.data(entry) as RequestNote
    if (agent !== 'kube-controller-manager' || code >= 300) continue
    if (resource === 'events' || ['get', 'list', 'watch'].includes(verb)) continue
    found.push(`${verb} ${timeline.subject(entry)}`)
  }
  return found
}

describe('the controllers, in every scenario of theirs', () => {
  it('there are at least 80 scenarios, each with its sentence', () => {
    expect(names.length).toBeGreaterThanOrEqual(80)
  })

  it.each(names.map((name, index) => [name, index] as const))('%s', (name, index) => {
    for (const scenario of scenariosOf(`${folder}/${name}`)) {
      const base = lawRun(scenario)
      note(base)
      expect(base.record.findings.map((finding) => finding.message)).toEqual([])
      // Left alone it converges; only a CronJob has something to do for ever.
      const rests = !name.startsWith('cron-job-') && restless[name] === undefined
      if (rests) expect(base.settled).toBe(true)
      for (const { controller, resource } of base.writes) {
        expect(accounts).toContain(controller)
        const kinds = declared(controller)
        if (kinds === undefined || controller === 'horizontal-pod-autoscaler') continue
        const known = [...kinds].map((kind) => {
          const { group, plural } = base.cluster.scheme().byKind(kind)!
          return group === '' ? plural : `${plural}.${group}`
        })
        expect(known, controller).toContain(resource)
      }
      const expected = finalState(base.cluster)
      expect(expected.length).toBeGreaterThan(20)
      const gaps = gapsOf(base)
      const sample = gaps[(name.length * 7919) % Math.max(1, gaps.length)]
      // npm run laws takes all of them.
      if (rests && index % 6 === 0 && sample !== undefined) expect(differenceAt(scenario, sample, expected)).toEqual([])
      if (!rests) continue
      // A second reconcile of everything, by a process that has just started, finds nothing to do.
      const from = base.cluster.timeline.length
      const manager = base.cluster.process('controller-manager')!
      manager.stop('graceful')
      manager.start()
      const until = base.cluster.kernel.now + 30 * second
      while (base.cluster.kernel.step(until)) continue
      runOn(base.cluster, 60 * second)
      expect(writesSince(base, from)).toEqual([])
    }
  })

  it('every reason of an event has been seen, but those that no scenario can bring about', () => {
    expect(eventReasons.filter((reason) => !hit.has(reason) && unreachableReasons[reason] === undefined)).toEqual([])
    expect(Object.keys(unreachableReasons).filter((reason) => hit.has(reason))).toEqual([])
  })
})
