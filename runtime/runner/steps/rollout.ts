import { resourceName } from '../../../api/object-key.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ListBody } from '../../../api/protocol/response.ts'
import { formatLabelSelector } from '../../../api/selectors/label-selector-from-object.ts'
import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { LabelSelector } from '../../../api/types/meta-v1.generated.ts'
import type { Step } from '../../../dsl/plan/operation.ts'
import { rfc3339 } from '../rfc3339.ts'
import { drawNumber } from '../amounts.ts'
import { presentMoment } from '../time-clauses.ts'
import type { Script } from '../wait.ts'
import { complaint, refusalOf } from './refusal.ts'
import { targetSubject, type StepIo, type Target } from './step-io.ts'
import { quotedName } from './targets.ts'

type RolloutStep = Extract<Step, { verb: 'rollout' }>

interface Workload extends KubeObject {
  readonly spec: {
    readonly paused?: boolean
    readonly selector?: LabelSelector
    readonly template?: { readonly metadata?: TemplateMeta; readonly spec?: unknown }
  }
}
interface TemplateMeta {
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

const revisionKey = 'deployment.kubernetes.io/revision'
const hashLabel = 'pod-template-hash'
/** Annotations of a ReplicaSet that are not its Deployment's. Mirrors annotationsToSkip of kubectl's rollback.go (v1.36). */
const skipped: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionKey,
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
])

const restartable: ReadonlySet<string> = new Set(['deployments.apps', 'daemonsets.apps', 'statefulsets.apps'])

const restart = function* (target: Target, object: Workload, io: StepIo): Script {
  const { kernel } = io.context.run.cluster
  const at = rfc3339(kernel.epoch + kernel.now)
  const subject = targetSubject(target)
  const key = 'kubectl.kubernetes.io/restartedAt'
  if (object.spec.paused === true) {
    const text = `error: ${quotedName(target)} can't restart paused deployment (run rollout resume first)`
    io.refusals.push(complaint(text, subject))
    return
  }
  if (object.spec.template?.metadata?.annotations?.[key] === at) {
    const text = `if restart has already been triggered within the past second, please wait before attempting to trigger another`
    io.refusals.push(complaint(`error: failed to create patch for ${target.name}: ${text}`, subject))
    return
  }
  yield* patch(target, { spec: { template: { metadata: { annotations: { [key]: at } } } } }, io)
}

const patch = function* (target: Target, body: unknown, io: StepIo): Script {
  yield* io.send({
    verb: 'patch',
    target,
    body,
    patchType: 'strategic',
    options: { fieldManager: 'kubectl-rollout' },
    action: 'rollout',
  })
}

const pause = function* (target: Target, object: Workload, to: boolean, io: StepIo): Script {
  const subject = targetSubject(target)
  if (resourceName(target.resource) !== 'deployments.apps') {
    io.refusals.push(complaint(`error: ${quotedName(target)} ${to ? 'pausing' : 'resuming'} is not supported`, subject))
  } else if ((object.spec.paused === true) === to) {
    io.refusals.push(complaint(`error: ${quotedName(target)} is ${to ? 'already paused' : 'not paused'}`, subject))
  } else yield* patch(target, { spec: { paused: to ? true : null } }, io)
}

const listOwned = function* (
  target: Target,
  owner: Workload,
  plural: string,
  io: StepIo,
): Script<readonly KubeObject[]> {
  const resource = io.context.run.cluster.scheme().byName(plural)!
  const listed = { resource, namespace: target.namespace, name: '' }
  const labelSelector = formatLabelSelector(owner.spec.selector)
  const response = yield* io.answer({ verb: 'list', target: listed, options: { labelSelector } })
  const refusal = refusalOf(response, targetSubject(target))
  if (refusal !== undefined) {
    io.refusals.push(refusal)
    return []
  }
  return (response.body as ListBody).items.filter((item) =>
    item.metadata.ownerReferences?.some((one) => one.controller === true && one.uid === owner.metadata.uid),
  )
}

/** The revision to go back to: the one asked for, or the last but one. Mirrors rollback.go: equalRevision, findHistory. */
const choose = <A>(history: ReadonlyMap<number, A>, wanted: number): A | undefined => {
  if (wanted !== 0) return history.get(wanted)
  const revisions = [...history.keys()].sort((a, b) => b - a)
  const before = revisions[1]
  return before === undefined ? undefined : history.get(before)
}

const noHistory = (wanted: number): string =>
  wanted === 0 ? 'error: no rollout history found' : `error: unable to find specified revision ${wanted} in history`

const withoutHash = (template: Workload['spec']['template']): Workload['spec']['template'] => {
  const { [hashLabel]: _, ...labels } = template?.metadata?.labels ?? {}
  return { ...template, metadata: { ...template?.metadata, labels } }
}

const undoDeployment = function* (target: Target, owner: Workload, wanted: number, io: StepIo): Script {
  const sets = (yield* listOwned(target, owner, 'replicasets.apps', io)) as readonly Workload[]
  const history = new Map(sets.map((set) => [Number(set.metadata.annotations?.[revisionKey] ?? 0), set]))
  const chosen = choose(history, wanted)
  const subject = targetSubject(target)
  if (chosen === undefined) {
    io.refusals.push(complaint(noHistory(wanted), subject))
    return
  }
  if (owner.spec.paused === true) {
    const text = `you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`
    io.refusals.push(complaint(`error: ${text}`, subject))
    return
  }
  const template = withoutHash(chosen.spec.template)
  // kubectl says "skipped rollback (current template already matches revision N)", and that is no error.
  if (structuralEqual(template, withoutHash(owner.spec.template))) return
  const annotations: Record<string, string> = {}
  for (const [key, value] of Object.entries(owner.metadata.annotations ?? {}))
    if (skipped.has(key)) annotations[key] = value
  for (const [key, value] of Object.entries(chosen.metadata.annotations ?? {}))
    if (!skipped.has(key)) annotations[key] = value
  yield* io.send({
    verb: 'patch',
    target,
    body: [
      { op: 'replace', path: '/spec/template', value: template },
      { op: 'replace', path: '/metadata/annotations', value: annotations },
    ],
    patchType: 'json',
    action: 'rollout',
  })
}

const undoRevisioned = function* (target: Target, owner: Workload, wanted: number, io: StepIo): Script {
  const revisions = yield* listOwned(target, owner, 'controllerrevisions.apps', io)
  const history = new Map(
    revisions.map((one) => [(one as KubeObject & { readonly revision?: number }).revision ?? 0, one]),
  )
  const chosen = choose(history, wanted) as (KubeObject & { readonly data?: unknown }) | undefined
  if (chosen === undefined) {
    io.refusals.push(complaint(noHistory(wanted), targetSubject(target)))
    return
  }
  yield* io.send({ verb: 'patch', target, body: chosen.data, patchType: 'strategic', action: 'rollout' })
}

/** `kubectl rollout restart|undo|pause|resume`, refusals included. Mirrors staging/src/k8s.io/kubectl/pkg/polymorphichelpers (v1.36). */
export const rollout = function* (step: RolloutStep, target: Target, io: StepIo): Script {
  const name = resourceName(target.resource)
  if (!restartable.has(name)) {
    const what = { restart: 'restarting', undo: 'rollback', pause: 'pausing', resume: 'resuming' }[step.action]
    io.refusals.push(complaint(`error: ${quotedName(target)} ${what} is not supported`, targetSubject(target)))
    return
  }
  const object = (yield* io.send({ verb: 'get', target })) as Workload | undefined
  if (object === undefined) return
  switch (step.action) {
    case 'restart':
      return yield* restart(target, object, io)
    case 'pause':
      return yield* pause(target, object, true, io)
    case 'resume':
      return yield* pause(target, object, false, io)
    case 'undo': {
      const { kernel } = io.context.run.cluster
      const wanted = step.toRevision === undefined ? 0 : drawNumber(step.toRevision, presentMoment(io.context), kernel)
      return name === 'deployments.apps'
        ? yield* undoDeployment(target, object, wanted, io)
        : yield* undoRevisioned(target, object, wanted, io)
    }
  }
}
