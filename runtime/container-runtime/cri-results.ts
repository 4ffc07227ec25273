import type { Micros } from '../kernel/micros.ts'
import type { CriFailureResult, ExecResult } from './cri.ts'
import type { CriFailure, Outcome, RunPlan } from './runtime-behavior.ts'

/** RunPodSandbox of containerd's CRI plugin where the network plugin has failed. */
export const noNetwork = (sandbox: string, error: string): string =>
  `failed to setup network for sandbox ${JSON.stringify(sandbox)}: ${error}`
export const gone: CriFailure = { code: 'NotFound', message: 'container not found' }

export const failed = (error: CriFailure): CriFailureResult => ({ ok: false, code: error.code, message: error.message })

export const errorOf = (outcome: Outcome): { readonly error?: string } =>
  outcome.error === undefined ? {} : { error: outcome.error.message }

export const execResult = (plan: ReturnType<RunPlan['exec']>, started: Micros): ExecResult =>
  plan.error !== undefined
    ? { kind: 'failed', code: 'Unknown', message: plan.error }
    : {
        kind: 'exited',
        exitCode: plan.exitCode,
        output: plan.output,
        until: plan.until === undefined ? undefined : started + plan.until,
      }
