import type { Container, Pod, ResourceRequirements } from '../../api/types/core-v1.generated.ts'

const sorted = (texts: Readonly<Record<string, string | number>>): object =>
  Object.fromEntries(
    Object.keys(texts)
      .sort()
      .map((name) => [name, texts[name]]),
  )

const plain = ({ limits, requests, claims }: ResourceRequirements): object => ({
  ...(limits === undefined ? {} : { limits: sorted(limits) }),
  ...(requests === undefined ? {} : { requests: sorted(requests) }),
  ...(claims === undefined ? {} : { claims }),
})

const summaries = (containers: readonly Container[]): readonly object[] =>
  containers.map(({ name, resources }) => ({ name, resources: plain(resources ?? {}) }))

/** json.Marshal writes these so that a page of HTML may hold them. */
const escapes: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' }

/** pkg/kubelet/events/resize.go: podResizeMessage. What the pod asks for, as JSON behind a few words. */
export const resizeMessage = (words: string, pod: Pod, generation: number, error = ''): string => {
  const inits = pod.spec.initContainers ?? []
  const summary = {
    ...(inits.length === 0 ? {} : { initContainers: summaries(inits) }),
    containers: summaries(pod.spec.containers),
    generation,
    ...(error === '' ? {} : { error }),
  }
  return `${words}: ${JSON.stringify(summary).replace(/[<>&]/g, (sign) => escapes[sign]!)}`
}
