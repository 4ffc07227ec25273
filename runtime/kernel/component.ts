/**
 * A process of the simulated cluster. Faults, the cluster and the record address it by its name, which is upstream's.
 * `stop('crash')` loses all memory and every request under way: nothing of the process runs afterwards. `stop('graceful')`
 * lets it do what upstream does on SIGTERM (such as releasing its lease). `start()` after a stop is a new process.
 */
export interface Component {
  readonly name: string
  start(): void
  stop(how: StopMode): void
}

export type StopMode = 'graceful' | 'crash'
