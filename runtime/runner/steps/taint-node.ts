import type { KubeObject } from '../../../api/object.ts'
import type { Step } from '../../../dsl/plan/operation.ts'
import type { Script } from '../wait.ts'
import { complaint } from './refusal.ts'
import { targetSubject, type StepIo, type Target } from './step-io.ts'

type TaintStep = Extract<Step, { verb: 'taint' }>

interface Taint {
  readonly key: string
  readonly value?: string
  readonly effect: string
}

const taintsOf = (node: KubeObject): readonly Taint[] =>
  (node as { readonly spec?: { readonly taints?: readonly Taint[] } }).spec?.taints ?? []

/** `kubectl taint --overwrite`: the list that results is sent whole. Mirrors staging/src/k8s.io/kubectl/pkg/cmd/taint (v1.36). */
export const taintNode = function* (step: TaintStep, target: Target, io: StepIo): Script {
  const node = yield* io.send({ verb: 'get', target })
  if (node === undefined) return
  const present = taintsOf(node)
  const removed = step.taints.filter((taint) => taint.remove)
  const added = step.taints.filter((taint) => !taint.remove)
  const isSame = (a: { readonly key: string; readonly effect: string }, b: Taint): boolean =>
    a.key === b.key && (a.effect === '' || a.effect === b.effect)
  const missing = removed.find((taint) => !present.some((one) => isSame(taint, one)))
  if (missing !== undefined) {
    io.refusals.push(
      complaint(
        `error: taint "${missing.key}${missing.effect === '' ? '' : `:${missing.effect}`}" not found`,
        targetSubject(target),
      ),
    )
    return
  }
  const kept = present.filter((one) => ![...removed, ...added].some((taint) => isSame(taint, one)))
  const next: Taint[] = [
    ...added.map(({ key, value, effect }) => (value === '' ? { key, effect } : { key, value, effect })),
    ...kept,
  ]
  yield* io.send({
    verb: 'patch',
    target,
    body: { spec: { taints: next.length === 0 ? null : next } },
    patchType: 'strategic',
    options: { fieldManager: 'kubectl-taint', fieldValidation: 'Strict' },
    action: 'taint',
  })
}
