import type { RunPlan, RuntimeBehavior } from '../../../../runtime/container-runtime/runtime-behavior.ts'
import type { Script, ScriptedContainer } from './recorded-case.ts'

const ms = 1000
const defaultSize = 10 * 1024 * 1024

/** A case's script as the behaviour of a simulated runtime. */
export const scriptedBehavior = (script: Script): RuntimeBehavior => {
  let boots = 0
  const pulls = new Map<string, number>()
  const runs = new Map<string, number>()
  const scriptOf = (pod: string, name: string): ScriptedContainer =>
    script.containers?.[`${pod}/${name}`] ?? script.containers?.[name] ?? {}

  return {
    sandbox() {
      const error = script.sandboxFailures?.[boots] ?? ''
      boots += 1
      const takes = script.sandboxMs * ms
      return error === '' ? { takes } : { takes, error: { code: 'Unknown', message: error } }
    },
    pull(image) {
      const said = script.images?.[image] ?? {}
      const count = pulls.get(image) ?? 0
      pulls.set(image, count + 1)
      const error = said.failures?.[count] ?? said.alwaysFails ?? ''
      const outcome = { takes: (said.pullMs ?? 0) * ms, size: said.sizeBytes ?? defaultSize }
      if (error === '') return outcome
      const missing = error.startsWith('not found:')
      return {
        ...outcome,
        error: missing ? { code: 'NotFound', message: error.slice(10) } : { code: 'Unknown', message: error },
      }
    },
    run(config): RunPlan {
      const key = `${config.pod.name}/${config.name}`
      const said = scriptOf(config.pod.name, config.name)
      const count = runs.get(key) ?? 0
      runs.set(key, count + 1)
      const list = said.runs ?? []
      const run = list[Math.min(count, list.length - 1)] ?? {}
      const failure = (message: string | undefined): { error?: { code: 'Unknown'; message: string } } =>
        message === undefined ? {} : { error: { code: 'Unknown', message } }
      return {
        create: { takes: script.createMs * ms, ...failure(run.createError) },
        start: { takes: script.startMs * ms, ...failure(run.startError) },
        exit:
          run.exitAfterMs === undefined
            ? undefined
            : {
                after: run.exitAfterMs * ms,
                exitCode: run.exitCode ?? 0,
                ...(run.reason === undefined ? {} : { reason: run.reason }),
                ...(run.message === undefined ? {} : { message: run.message }),
              },
        term:
          run.onTerm?.ignore === true
            ? { ignored: true }
            : { ignored: false, after: (run.onTerm?.afterMs ?? 0) * ms, exitCode: run.onTerm?.exitCode ?? 143 },
        exec(request, uptime) {
          const up = Math.floor(uptime / ms)
          const steps = said.exec?.[request.command.join(' ')] ?? []
          const step = steps.filter((one) => one.fromMs <= up).at(-1) ?? { fromMs: 0 }
          return {
            takes: (step.tookMs ?? 0) * ms,
            exitCode: step.exitCode ?? 0,
            output: step.output ?? '',
            until: undefined,
            ...(step.error === undefined || step.error === '' ? {} : { error: step.error }),
          }
        },
        usesMemory: said.memoryMi !== undefined,
        memory: () => (said.memoryMi ?? 0) * 1024 * 1024,
        cpu: () => 1,
      }
    },
  }
}
