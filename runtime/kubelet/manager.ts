/**
 * One concern of the kubelet. The kubelet starts its managers in a written order; all of their timers and tasks live and end
 * with its Life, and what one must remember over a restart it finds again in the runtime, on the disk or in the API.
 */
export interface Manager {
  readonly name: string
  start(): void
}
