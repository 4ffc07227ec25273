import { millisecond } from '../../../../runtime/kernel/micros.ts'
import type { Revision } from '../../../../runtime/record/revision.ts'
import { describeTrace, isCaseNamespace } from './describe-trace.ts'
import { cleanObject } from './normalize.ts'
import type { Entry, JsonMap, RecordedCase, RecordedEvent } from './recorded-case.ts'
import { createTokens, playStep } from './script.ts'
import { createStage, type Circumstances } from './stage.ts'
import { createBindings } from './symbols.ts'

type Plain = Record<string, unknown>

export interface Replayed {
  readonly entries: readonly Entry[]
  readonly events: readonly RecordedEvent[]
  /** Objects as they stood before the first step, by `resource/namespace/name`. */
  readonly initial: ReadonlyMap<string, unknown>
}

/** A write and a read take some milliseconds, the loops start just before time 0. */
export const usual: Circumstances = { way: 300, readWay: 4 * millisecond, phase: 0 }

/** Silence and limits of the recorder's scripts are shorter. */
const longestWatch = 12_000 * millisecond

const uidShape = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const timeShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** Plays a case in virtual time against etcd, API server and controllers of our own, and writes down what they write. */
export const replayCase = (recorded: RecordedCase, circumstances: Circumstances = usual): Replayed => {
  let window = -1
  const bindings = createBindings(recorded)
  const tokens = createTokens(bindings, recorded.epochMs * millisecond)
  const eventObjects = new Map<string, Plain>()
  const tried = new Set<string>()

  const solo = recorded.nodes !== undefined
  const isMine = (event: Plain): boolean => {
    const regarding = (event['involvedObject'] ?? event['regarding']) as {
      namespace?: string
      name?: string
      kind?: string
    }
    if (regarding.namespace !== undefined && regarding.namespace !== '') return isCaseNamespace(regarding.namespace)
    return regarding.name?.startsWith('ns') === true || (solo && regarding.kind === 'Node')
  }
  const committed = ({ resource, object, before }: Revision): void => {
    const current = (object ?? before)!
    if (resource.plural === 'events') {
      if (object !== undefined && stage.kernel.now >= 0)
        eventObjects.set(`${resource.group}/${current.metadata.name}`, current as unknown as Plain)
      return
    }
    tokens.uids.set(current.metadata.uid ?? '', `${current.kind}/${current.metadata.name}`)
    bindings.observe(current, object === undefined, window)
    const address = (current as { spec?: { clusterIP?: string } }).spec?.clusterIP
    if (current.kind === 'Service' && address !== undefined && address !== 'None')
      tokens.addresses.set(address, `{clusterIP:${current.metadata.name}}`)
  }

  const stage = createStage({
    recorded,
    circumstances,
    bindings,
    window: () => window,
    committed,
    resolve: (node) => tokens.resolve(node, -1, (node['metadata'] as Plain)['name'] as string) as JsonMap,
  })
  for (const node of stage.nodes) tokens.uids.set(node.metadata.uid ?? '', `Node/${node.metadata.name}`)

  const { kernel } = stage
  const script = kernel.actor('script', 'script')
  recorded.steps.forEach((step, index) => {
    kernel.at(step.at * millisecond, script, () => {
      window = step.w
      playStep(stage, tokens, bindings, [step, index])
    })
  })
  const lastMs = Math.max(0, ...recorded.steps.map((step) => step.at), ...recorded.trace.map((entry) => entry.ms))
  // A silent node is noticed in the phase of its heartbeats (2 s) and of the monitor (1 s), so a little later than recorded, maybe.
  const slack = recorded.trace.some((entry) => entry.by === 'node-controller') ? 3500 : 700
  // When the recorder stopped is not recorded. What is refused again and again kept it waiting for its limit, mostly 3.5 s.
  const lastStep = Math.max(0, ...recorded.steps.map((step) => step.at))
  const insists = recorded.trace.some((entry) => entry.times !== undefined && entry.w === recorded.steps.at(-1)?.w)
  const end = Math.max(lastMs + slack, insists ? lastStep + 4000 : 0) * millisecond
  while (kernel.step(end)) if (kernel.eventCount > 3_000_000) throw new Error('too many events')
  // Warnings repeat for as long as it watched: go on until as many events have come.
  const total = (events: readonly { readonly count?: unknown }[]): number =>
    events.reduce((sum, event) => sum + ((event.count as number | undefined) ?? 1), 0)
  const short = (): boolean => total([...eventObjects.values()].filter(isMine)) < total(recorded.events)
  if (recorded.compare.events === 'exact') while (short() && kernel.step(end + longestWatch));
  stage.stop()

  // What happened, in the recorder's words.
  for (const { request, response } of stage.log)
    if (request.verb === 'create' && response.code >= 300)
      tried.add(((request.body as Plain)['metadata'] as { generateName?: string } | undefined)?.generateName ?? '')
  tried.delete('')
  const lost =
    tried.size === 0
      ? undefined
      : new RegExp(
          `(${[...tried].map((one) => one.replaceAll('.', '\\.')).join('|')})[bcdfghjklmnpqrstvwxz2456789]{5}\\b`,
          'g',
        )
  const renamed = [...bindings.names(), ...tokens.addresses].sort((a, b) => b[0].length - a[0].length)
  const withNames = (given: string): string => {
    let out = given
    for (const [real, symbol] of renamed) if (out.includes(real)) out = out.replaceAll(real, symbol)
    // A pod's address is told by its name, which is a symbol itself.
    for (const [real, symbol] of renamed) if (out.includes(real)) out = out.replaceAll(real, symbol)
    return out
  }
  const show = (given: string): string => {
    if (timeShape.test(given)) {
      const ms = new Date(given).getTime() - recorded.epochMs
      return `T${ms < 0 ? '' : '+'}${ms}`
    }
    const out = given.replace(uidShape, (uid) => {
      const token = tokens.uids.get(uid)
      return token === undefined ? '{uid}' : `{uid:${withNames(token)}}`
    })
    if (out.startsWith('-----BEGIN CERTIFICATE')) return '{certificate}'
    if (out.startsWith('kube-api-access-')) return 'kube-api-access-{r}'
    const named = withNames(out)
    return lost === undefined ? named : named.replace(lost, '$1{?}')
  }
  const initial = new Map(stage.nodes.map((node) => [`nodes//${node.metadata.name}`, cleanObject(node, show)] as const))
  const entries = describeTrace(stage.log, { show, solo, initial })
  const events = [...eventObjects.values()].filter(isMine).map((event): RecordedEvent => {
    const regarding = (event['involvedObject'] ?? event['regarding']) as Plain
    return {
      by: ((event['source'] as Plain | undefined)?.['component'] ??
        event['reportingComponent'] ??
        event['reportingController']) as string,
      regarding: `${regarding['kind'] as string}/${show((regarding['name'] as string | undefined) ?? '')}`,
      type: event['type'] as string,
      reason: event['reason'] as string,
      message: show((event['message'] ?? event['note'] ?? '') as string),
      count: (event['count'] as number | undefined) ?? 1,
    }
  })
  return { entries, events, initial }
}
