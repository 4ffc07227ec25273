import type { Container, LifecycleHandler, Pod } from '../../api/types/core-v1.generated.ts'
import type { ExecResult } from '../container-runtime/cri.ts'
import { second } from '../kernel/micros.ts'
import type { Context } from './context.ts'
import { suspend, type Task } from './life.ts'
import { podText } from './pod-text.ts'

/** pkg/kubelet/lifecycle: handlerRunner.Run. undefined: it went well; else the message of the failure. */
export function* runHook(
  context: Context,
  where: { readonly pod: Pod; readonly container: Container; readonly id: string },
  handler: LifecycleHandler,
): Task<string | undefined> {
  const { pod, container, id } = where
  const name = `for Container ${JSON.stringify(container.name)} in Pod ${JSON.stringify(podText(pod))} failed`
  if (handler.sleep !== undefined) {
    yield* context.life.sleep(handler.sleep.seconds * second, {
      label: `pod/${pod.metadata.name}: ${container.name} sleeps`,
    })
    return undefined
  }
  const command = handler.exec?.command ?? []
  const network = handler.exec === undefined
  const request = { command, purpose: 'hook' as const, timeout: 0, ...(network ? { network } : {}) }
  const answer = yield* suspend<ExecResult>((resume) => context.runtime.execSync(id, request, resume))
  if (answer.kind === 'exited' && answer.exitCode === 0) return undefined
  const output = answer.kind === 'exited' ? answer.output : ''
  const error =
    answer.kind === 'failed'
      ? `rpc error: code = ${answer.code} desc = ${answer.message}`
      : `command '${command.join(' ')}' exited with ${answer.exitCode}: ${answer.output}`
  if (network) return `HTTP lifecycle hook (${handler.httpGet?.path ?? ''}) ${name} - error: ${error}`
  return `Exec lifecycle hook ([${command.join(' ')}]) ${name} - error: ${error}, message: ${JSON.stringify(output)}`
}
