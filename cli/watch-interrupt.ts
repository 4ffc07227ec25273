/** Ctrl-C between two scenarios. A second one ends the process at once, as users expect. */
export interface Interrupt {
  /** Lets pending signals arrive, then says whether there was one. */
  happened(): Promise<boolean>
  stop(): void
}

export const watchInterrupt = (): Interrupt => {
  let count = 0
  const onSignal = (): void => {
    count += 1
    if (count > 1) process.exit(130)
  }
  process.on('SIGINT', onSignal)
  return {
    happened: () => new Promise((resolve) => setImmediate(() => resolve(count > 0))),
    stop: () => process.off('SIGINT', onSignal),
  }
}
