import type { ContainerRuntime, RuntimeContainer } from '../container-runtime/cri.ts'

// pkg/kubelet/container/runtime.go: MaxContainerTerminationMessageLogLines, MaxContainerTerminationMessageLogLength
const mostLines = 80
const mostBytes = 2048

/**
 * kuberuntime_container.go: convertToKubeContainerStatus. What a container said of its end: with terminationMessagePolicy
 * FallbackToLogsOnError the end of its log. Differs: a simulated container writes no file of its own.
 */
export const terminationMessage = (runtime: ContainerRuntime, container: RuntimeContainer): string => {
  const { config, state, exitCode, reason, message } = container
  if (state !== 'exited' || config.messageFromLog !== true || exitCode === 0 || reason === 'ContainerCannotRun')
    return message
  const lines = runtime.log(container.id).slice(-mostLines)
  const said = lastBytes(lines.map((line) => `${line.text}\n`).join(''), mostBytes)
  if (said === '') return message
  return message === '' ? said : `${message}: ${said}`
}

/** Of UTF-8; a character that does not fit whole is left out. */
const lastBytes = (text: string, limit: number): string => {
  let bytes = 0
  const kept: string[] = []
  for (const one of [...text].reverse()) {
    const code = one.codePointAt(0)!
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4
    if (bytes > limit) break
    kept.push(one)
  }
  return kept.reverse().join('')
}
