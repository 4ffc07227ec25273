import { beforeAll, describe, expect, test } from 'vitest'
import type { Transport } from '../../../../runtime/client/transport.ts'
import type { CreateCluster } from '../../../../runtime/cluster/cluster.ts'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import { explore } from '../../../../runtime/explore/explore.ts'
import { createExplorer } from '../../../../runtime/explore/explorer.ts'
import { strategies, type Strategy } from '../../../../runtime/explore/strategy.ts'
import { millisecond } from '../../../../runtime/kernel/micros.ts'
import { compileText } from '../../dsl/support/compile-text.ts'

const text = (inputs: string, varying: string): string => `property "it runs" {
  ${inputs}
  explore 24 runs varying ${varying}
  cluster { pool workers 1 { cpu 4, memory 8Gi } }
  create \`\`\`yaml
    apiVersion: apps/v1
    kind: ReplicaSet
    metadata: { name: web, labels: { size: "\${replicas}" } }
    spec:
      replicas: 1
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec: { containers: [{ name: app, image: "web:v1" }] }
  \`\`\`
  expect 1 pods[app=web] are Ready within 2m
  settle within 10m
}
`
const propertyOf = (source: string): Parameters<typeof explore>[0] => {
  const { plan, diagnostics } = compileText(source)
  if (plan === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'))
  return plan.scenarios[0]!
}

/** When each actor heard of one change of a pod. */
type Hearing = ReadonlyMap<string, number>
/** What a run was like, in the words of the bugs below. */
interface Seen {
  readonly hearings: readonly Hearing[]
  readonly refused: number
}

const latenesses = ({ hearings }: Seen, actor: string): readonly number[] =>
  hearings.flatMap((one) => (one.has(actor) ? [one.get(actor)! - Math.min(...one.values())] : []))

const isPunctual = (seen: Seen): boolean => seen.hearings.every((one) => new Set(one.values()).size === 1)
const orderOf = (hearing: Hearing | undefined): string => [...(hearing?.keys() ?? [])].join()

/** Mistakes that only show where somebody is late in one way, or strikes in one way. */
const bugs: Readonly<Partial<Record<Strategy, (seen: Seen, reference: Seen) => boolean>>> = {
  // Two hear of something in one instant, in the other order.
  walk: (seen, reference) =>
    isPunctual(seen) && seen.hearings[0]?.size === 2 && orderOf(seen.hearings[0]) !== orderOf(reference.hearings[0]),
  // The scheduler is far behind, whatever it hears.
  weights: (seen) => {
    const late = latenesses(seen, 'kube-scheduler')
    return late.length >= 3 && late.every((one) => one >= 150 * millisecond)
  },
  // Somebody is behind for a moment, and everybody is on time before and after.
  holds: ({ hearings }) => {
    const spreads = hearings.map((one) => Math.max(...one.values()) - Math.min(...one.values()))
    return spreads[0] === 0 && spreads.some((one) => one >= 20 * millisecond) && spreads.at(-1) === 0
  },
  // Everybody comes one after the other, in even steps.
  pct: ({ hearings }) =>
    hearings.some((one) => {
      const times = [...new Set(one.values())].sort((a, b) => a - b)
      return times.length >= 3 && times.every((at, index) => index === 0 || (at - times[index - 1]!) % 20_000 === 0)
    }),
  // A write is refused, and nothing else is unusual.
  perturb: (seen, reference) =>
    seen.refused > 0 && isPunctual(seen) && orderOf(seen.hearings[0]) === orderOf(reference.hearings[0]),
}

/** A cluster that takes note of who hears what, and when; `told` sees it after every change. */
const observed = (told: (seen: Seen, kernel: { readonly now: number }) => boolean): CreateCluster => {
  return (spec, behaviors, options) => {
    const hearings = new Map<string, Map<string, number>>()
    let refused = 0
    return createCluster(spec, behaviors, {
      ...options,
      tamper: (transport: Transport, { actor, kernel }): Transport => ({
        ...transport,
        send(request, reply) {
          const struck = kernel.now >= 0 && request.resource.plural === 'pods' && told(seen(), kernel)
          if (struck && request.verb !== 'get' && request.verb !== 'list') return
          transport.send(request, (response) => {
            if (response.code === 503) refused += 1
            reply(response)
          })
        },
        watch: (request, sink) =>
          transport.watch(request, {
            ...sink,
            event(event) {
              if (request.resource.plural === 'pods' && 'object' in event) {
                const key = `${event.object.metadata.name} ${event.object.metadata.resourceVersion}`
                const heard = hearings.get(key) ?? new Map<string, number>()
                if (!heard.has(actor.name)) heard.set(actor.name, kernel.now)
                hearings.set(key, heard)
              }
              sink.event(event)
            },
            closed: (response) => sink.closed(response),
          }),
      }),
    })
    function seen(): Seen {
      return { hearings: [...hearings.values()], refused }
    }
  }
}

const property = propertyOf(text('forall replicas in 1..2', 'interleaving, faults'))
const runs = 16
const struck = new Map<Strategy, ReadonlySet<string>>()
let undisturbed: Seen | undefined

beforeAll(() => {
  for (const strategy of strategies) {
    let last: Seen | undefined
    const cluster = observed((seen) => {
      last = seen
      return false
    })
    const explorer = createExplorer(property, { seed: '0', strategy, runs, createCluster: cluster })
    undisturbed ??= last
    const found = new Set<string>()
    for (let index = 0; index < explorer.total; index += 1) {
      explorer.run(explorer.caseOf(index))
      for (const [name, strikes] of Object.entries(bugs)) if (strikes(last!, undisturbed!)) found.add(name)
    }
    struck.set(strategy, found)
  }
}, 60_000)

describe('every strategy comes to what is its own', () => {
  test.each([
    ['canonical', []],
    ['walk', ['walk', 'perturb']],
    ['weights', ['weights']],
    ['holds', ['holds', 'perturb']],
    ['pct', ['pct']],
    ['perturb', ['perturb', 'holds']],
    ['bounded', ['perturb', 'holds']],
  ] as const)('%s: in a few runs it shows %j, and none of the others', (strategy, expected) => {
    expect([...struck.get(strategy)!].sort()).toEqual([...expected].sort())
  })

  test.each(['walk', 'weights', 'pct'] as const)('%s finds the bug that only it shows', (strategy) => {
    const bug = bugs[strategy]!
    const record = explore(property, {
      seed: '0',
      strategy,
      runs,
      createCluster: observed((seen) => bug(seen, undisturbed!)),
      version: 'test',
      line: 1,
      moreShrinking: () => false,
    })
    expect([record.verdict, record.exploration!.failure?.strategy]).toEqual(['FAIL', strategy])
    expect(record.exploration!.failure!.token).toContain(`of${runs}+${strategy}:`)
  })
})

describe('bounded', () => {
  const source = text('forall replicas in 1..9\n  forall other in 1..4', 'faults')
  const most = { seed: '0', createCluster, strategy: 'bounded' } as const

  test('goes through every input, then every fault of each, then pairs of them; and says how far it came', () => {
    const explorer = createExplorer(propertyOf(source), { ...most, runs: 40 })
    const cases = Array.from({ length: explorer.total }, (_, index) => explorer.caseOf(index))
    expect(new Set(cases.slice(0, 36).map((one) => JSON.stringify(one.inputs))).size).toBe(36)
    expect(cases.map((one) => one.schedule.disturbances.length)).toEqual([...Array<number>(36).fill(0), 1, 1, 1, 1])
    expect(explorer.scope(40)).toBe('36 combinations of inputs; all 36 with no disturbance, the first 4 with one')
  })

  test('ends when there is no more, however many runs it is given', () => {
    const none = propertyOf(text('forall replicas in 1..2', 'latency'))
    expect(createExplorer(none, { ...most, runs: 99 })).toMatchObject({ total: 2 })
  })

  test('strikes each write in each way, and no pair twice', () => {
    const one = propertyOf(text('forall replicas in 1..1', 'faults'))
    const explorer = createExplorer(one, { ...most, runs: 9999 })
    const singles = 3 * explorer.reference.writes.length
    expect(explorer.total).toBe(1 + singles + (singles * (singles - 1)) / 2)
    const told = Array.from({ length: explorer.total }, (_, index) => JSON.stringify(explorer.caseOf(index).schedule))
    expect(new Set(told).size).toBe(explorer.total)
    expect(explorer.scope(explorer.total)).toContain(`all ${singles} with one, all`)
  })
})

describe('perturb', () => {
  test('strikes each write of the undisturbed run in each way, and then ends', () => {
    const explorer = createExplorer(property, { seed: '0', createCluster, strategy: 'perturb', runs: 9999 })
    const { length } = explorer.reference.writes
    expect(explorer.total).toBe(1 + 3 * length)
    expect(explorer.scope(explorer.total)).toBe(
      `all ${3 * length} faults at the ${length} writes of the undisturbed run`,
    )
    expect(explorer.scope(5)).toMatch(/^4 of /)
  })
})

test('no strategy goes beyond what the property says may vary', () => {
  const quiet = propertyOf(text('forall replicas in 1..2', 'latency'))
  for (const strategy of ['walk', 'pct', 'perturb'] as const) {
    const explorer = createExplorer(quiet, { seed: '0', createCluster, strategy, runs: 6 })
    const schedules = Array.from({ length: 6 }, (_, index) => explorer.caseOf(index).schedule)
    expect(schedules.filter((one) => one.drawn || one.disturbances.length > 0)).toEqual([])
    expect(explorer.scope(6)).toContain(`inputs only: ${strategy} varies`)
  }
})
