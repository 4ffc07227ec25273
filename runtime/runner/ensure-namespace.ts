import type { Operation } from '../../dsl/plan/operation.ts'
import { createJudge } from '../expect/judge.ts'
import { createWithin } from '../expect/operators/within.ts'
import { second, type Micros } from '../kernel/micros.ts'
import { refusedFinding } from './findings.ts'
import { createStepIo } from './steps/step-io.ts'
import type { ScriptContext } from './track.ts'
import type { Script } from './wait.ts'

type NamespaceOperation = Extract<Operation, { kind: 'namespace' }>

/** The service account controller needs milliseconds; without it the script does not wait for ever. */
const patience: Micros = 5 * second

/** Until the namespace has its default service account, without which no pod can be created in it. */
const untilUsable = function* (name: string, context: ScriptContext): Script {
  const { world } = context.run
  if (world.state.get('serviceaccounts', 'default', 'default') === undefined) return
  const key = `serviceaccounts/${name}/default`
  const judge = createJudge({
    world,
    scope: context.scope,
    operator: createWithin(world.state.now + patience),
    predicates: [
      {
        mode: 'expect',
        test(moment) {
          moment.reads.add(key)
          return moment.state.get('serviceaccounts', name, 'default') !== undefined
        },
      },
    ],
  })
  yield { kind: 'judge', judge }
}

/** `namespace x` creates it, unless it is there, and goes on when pods can be created in it. */
export const ensureNamespace = function* (operation: NamespaceOperation, context: ScriptContext): Script {
  const { run } = context
  const { name } = operation
  if (run.cluster.state.get('namespaces', undefined, name) !== undefined) return
  const io = createStepIo(context, run.cluster.admin)
  yield* io.send({
    verb: 'create',
    target: { resource: run.cluster.scheme().byName('namespaces')!, namespace: undefined, name },
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    options: { fieldManager: 'kubectl-create' },
    action: 'create',
  })
  if (io.refusals.length > 0) run.report(refusedFinding(operation, io.refusals, run, run.cluster.kernel.now))
  else yield* untilUsable(name, context)
}
