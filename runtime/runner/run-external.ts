import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Operation } from '../../dsl/plan/operation.ts'
import { createClient, type Client } from '../client/client.ts'
import { EvaluationError } from '../expect/evaluation-error.ts'
import { plainValue } from '../expect/external.ts'
import { errorFinding } from './findings.ts'
import { presentMoment } from './time-clauses.ts'
import type { ScriptContext } from './track.ts'
import type { Script } from './wait.ts'

/** What steps of an imported module act through: the script's own client. Each `yield*` is one request, as in a controller. */
export type StepClient = Pick<
  Client,
  'get' | 'list' | 'create' | 'update' | 'updateStatus' | 'patch' | 'delete' | 'evict'
>

type External = Extract<Operation, { kind: 'external' }>

const isRequests = (given: unknown): given is Generator<ApiRequest, unknown, unknown> =>
  typeof given === 'object' && given !== null && 'next' in given && Symbol.iterator in given

/** `do my.step(…)`: the module's generator, driven by the track; its requests are traced like the script's own. */
export const runExternal = function* (operation: External, context: ScriptContext): Script {
  const { run, track } = context
  const name = `\`${operation.export}\` of ${operation.module}`
  const found = run.world.external?.(operation.module, operation.export)
  if (found === undefined) throw new EvaluationError(`${operation.module} exports no function \`${operation.export}\``)
  const moment = presentMoment(context)
  const args = operation.args.map((one) => plainValue(moment.evaluate(one.value), moment))
  const client: StepClient = createClient({
    transport: track.transport,
    credentials: run.cluster.admin,
    userAgent: 'kscn',
    scheme: () => run.cluster.scheme(),
  })
  const fail = (error: unknown): void =>
    run.report(
      errorFinding(operation, 'E206', `${name} threw: ${error instanceof Error ? error.message : String(error)}`, run),
    )
  let requests: unknown
  try {
    requests = found(client, ...args)
  } catch (error) {
    return fail(error)
  }
  if (!isRequests(requests))
    throw new EvaluationError(`${name} is no generator: steps are written \`function* step(client, …) { yield* … }\``)
  let answer: unknown
  for (;;) {
    let next: IteratorResult<ApiRequest, unknown>
    try {
      next = requests.next(answer)
    } catch (error) {
      return fail(error)
    }
    if (next.done === true) return
    answer = yield { kind: 'request', request: next.value }
  }
}
