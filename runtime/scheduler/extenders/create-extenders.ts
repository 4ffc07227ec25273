import type { ExtenderConfiguration } from '../config/configuration.ts'
import { createExtender } from './create-extender.ts'
import type { Extender } from './extender.ts'
import type { ExtenderHost } from './extender-host.ts'

/** buildExtenders (pkg/scheduler/scheduler.go): those that may be ignored are asked last. */
export const createExtenders = (
  configurations: readonly ExtenderConfiguration[],
  host: ExtenderHost,
): readonly Extender[] => {
  const all = configurations.map((one) => createExtender(one, host))
  return [...all.filter((one) => !one.ignorable), ...all.filter((one) => one.ignorable)]
}
