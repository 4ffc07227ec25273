import { isDomainPrefixedPath } from '../names/domain-names.ts'
import { nonNegative } from './field-causes.ts'
import { duplicate, invalid, invalidUnshown, notSupported, required, tooLong, tooMany, type Cause } from './cause.ts'
import { indexCount } from './job-indexes.ts'
import { labelNameCauses } from './label-selector.ts'
import { podTemplateCauses } from './pod-template.ts'
import { child, list, number, optionalNumber, optionalText, struct, text, type View } from './view.ts'

const maxParallelism = 100_000
const maxFailedIndexes = 100_000
const manyCompletions = 100_000
const parallelismOfMany = 10_000
const failedIndexesOfMany = 10_000

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore']
const quotedList = (values: readonly string[]): string => `[${values.map((one) => JSON.stringify(one)).join(' ')}]`

const exitCodeCauses = (codes: View, path: string, containers: ReadonlySet<string>): Cause[] => {
  const causes: Cause[] = []
  const operator = text(codes, 'operator')
  if (operator === '') causes.push(required(`${path}.operator`, `valid values: ${quotedList(['In', 'NotIn'])}`))
  else if (operator !== 'In' && operator !== 'NotIn')
    causes.push(notSupported(`${path}.operator`, operator, ['In', 'NotIn']))
  const container = optionalText(codes, 'containerName')
  if (container !== undefined && !containers.has(container)) {
    causes.push(
      invalid(
        `${path}.containerName`,
        container,
        'must be one of the container or initContainer names in the pod template',
      ),
    )
  }
  const at = `${path}.values`
  const values = (codes['values'] as readonly number[] | null | undefined) ?? []
  if (values.length === 0) causes.push(invalid(at, codes['values'] ?? null, 'at least one value is required'))
  else if (values.length > 255) causes.push(tooMany(at, values.length, 255))
  const seen = new Set<number>()
  values.forEach((value, i) => {
    if (operator === 'In' && value === 0)
      causes.push(invalid(`${at}[${i}]`, value, 'must not be 0 for the In operator'))
    if (seen.has(value)) causes.push(duplicate(`${at}[${i}]`, value))
    seen.add(value)
  })
  if (values.some((value, i) => i > 0 && (values[i - 1] ?? 0) > value))
    causes.push(invalid(at, values, 'must be ordered'))
  return causes
}

const conditionCauses = (patterns: readonly View[], path: string): Cause[] => {
  const causes = patterns.length > 20 ? [tooMany(path, patterns.length, 20)] : []
  const statuses = ['False', 'True', 'Unknown']
  patterns.forEach((pattern, i) => {
    causes.push(...labelNameCauses(text(pattern, 'type'), `${path}[${i}].type`))
    const status = text(pattern, 'status')
    if (status === '') causes.push(required(`${path}[${i}].status`, `valid values: ${quotedList(statuses)}`))
    else if (!statuses.includes(status)) causes.push(notSupported(`${path}[${i}].status`, status, statuses))
  })
  return causes
}

const failurePolicyCauses = (spec: View, policy: View, path: string): Cause[] => {
  const rules = list(policy, 'rules')
  const pod = struct(struct(spec, 'template'), 'spec')
  const containers = new Set(
    [...list(pod, 'containers'), ...list(pod, 'initContainers')].map((one) => text(one, 'name')),
  )
  const causes = rules.length > 20 ? [tooMany(`${path}.rules`, rules.length, 20)] : []
  rules.forEach((rule, i) => {
    const at = `${path}.rules[${i}]`
    const action = text(rule, 'action')
    if (action === '') causes.push(required(`${at}.action`, `valid values: ${quotedList(actions)}`))
    else if (action === 'FailIndex') {
      if (optionalNumber(spec, 'backoffLimitPerIndex') === undefined) {
        causes.push(invalid(`${at}.action`, action, 'requires the backoffLimitPerIndex to be set'))
      }
    } else if (!actions.includes(action)) causes.push(notSupported(`${at}.action`, action, actions))
    const codes = child(rule, 'onExitCodes')
    const conditions = list(rule, 'onPodConditions')
    if (codes !== undefined) causes.push(...exitCodeCauses(codes, `${at}.onExitCodes`, containers))
    if (conditions.length > 0) causes.push(...conditionCauses(conditions, `${at}.onPodConditions`))
    if (codes !== undefined && conditions.length > 0) {
      causes.push(invalidUnshown(at, 'specifying both OnExitCodes and OnPodConditions is not supported'))
    }
    if (codes === undefined && conditions.length === 0) {
      causes.push(invalidUnshown(at, 'specifying one of OnExitCodes and OnPodConditions is required'))
    }
  })
  return causes
}

const successPolicyCauses = (spec: View, policy: View, path: string): Cause[] => {
  const rules = list(policy, 'rules')
  const causes: Cause[] = []
  if (rules.length === 0) {
    causes.push(required(`${path}.rules`, 'at least one rules must be specified when the successPolicy is specified'))
  }
  if (rules.length > 20) causes.push(tooMany(`${path}.rules`, rules.length, 20))
  const completions = number(spec, 'completions')
  rules.forEach((rule, i) => {
    const at = `${path}.rules[${i}]`
    const count = optionalNumber(rule, 'succeededCount')
    const indexes = optionalText(rule, 'succeededIndexes')
    if (count === undefined && indexes === undefined) {
      causes.push(required(at, 'at least one of succeededCount or succeededIndexes must be specified'))
    }
    let total = 0
    if (indexes !== undefined) {
      if (indexes.length > 65536) causes.push(tooLong(`${at}.succeededIndexes`, 65536))
      const parsed = indexCount(indexes, completions)
      if ('error' in parsed)
        causes.push(invalid(`${at}.succeededIndexes`, indexes, `error parsing succeededIndexes: ${parsed.error}`))
      else total = parsed.total
    }
    if (count === undefined) return
    const field = `${at}.succeededCount`
    causes.push(...nonNegative(count, field))
    if (count > completions) {
      causes.push(
        invalid(field, count, `must be less than or equal to ${completions} (the number of specified completions)`),
      )
    }
    if (indexes !== undefined && count > total) {
      causes.push(
        invalid(
          field,
          count,
          `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`,
        ),
      )
    }
  })
  return causes
}

const indexedCauses = (spec: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const completions = optionalNumber(spec, 'completions')
  const parallelism = optionalNumber(spec, 'parallelism') ?? 0
  const failed = optionalNumber(spec, 'maxFailedIndexes')
  if (completions === undefined) causes.push(required(`${path}.completions`, 'when completion mode is Indexed'))
  if (parallelism > maxParallelism) {
    causes.push(
      invalid(
        `${path}.parallelism`,
        parallelism,
        `must be less than or equal to ${maxParallelism} when completion mode is Indexed`,
      ),
    )
  }
  const at = `${path}.maxFailedIndexes`
  if (completions !== undefined && failed !== undefined && failed > completions) {
    causes.push(invalid(at, failed, 'must be less than or equal to completions'))
  }
  if (failed !== undefined && failed > maxFailedIndexes) {
    causes.push(invalid(at, failed, `must be less than or equal to ${maxFailedIndexes}`))
  }
  if (completions === undefined || completions <= manyCompletions || spec['backoffLimitPerIndex'] === undefined)
    return causes
  const told = `when completions are above ${manyCompletions} and used with backoff limit per index`
  if (failed === undefined) causes.push(required(at, `must be specified when completions is above ${manyCompletions}`))
  if (parallelism > parallelismOfMany) {
    causes.push(
      invalid(`${path}.parallelism`, parallelism, `must be less than or equal to ${parallelismOfMany} ${told}`),
    )
  }
  if (failed !== undefined && failed > failedIndexesOfMany) {
    causes.push(invalid(at, failed, `must be less than or equal to ${failedIndexesOfMany} ${told}`))
  }
  return causes
}

const restartCauses = (spec: View, path: string): Cause[] => {
  const at = `${path}.template.spec.restartPolicy`
  const policy = text(struct(struct(spec, 'template'), 'spec'), 'restartPolicy')
  if (policy === 'Always' || policy === '') return [required(at, 'valid values: "OnFailure", "Never"')]
  if (policy !== 'OnFailure' && policy !== 'Never') return [notSupported(at, policy, ['OnFailure', 'Never'])]
  return child(spec, 'podFailurePolicy') !== undefined && policy !== 'Never'
    ? [invalid(at, policy, 'only "Never" is supported when podFailurePolicy is specified')]
    : []
}

const replacementCauses = (spec: View, path: string): Cause[] => {
  const policy = optionalText(spec, 'podReplacementPolicy')
  if (policy === undefined) return []
  const supported = child(spec, 'podFailurePolicy') === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed']
  return supported.includes(policy) ? [] : [notSupported(`${path}.podReplacementPolicy`, policy, supported)]
}

/** validateJobSpec: what holds for Jobs and for the templates of CronJobs. */
export const jobSpecCauses = (spec: View, path: string): Cause[] => {
  const causes: Cause[] = []
  for (const key of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ]) {
    causes.push(...nonNegative(optionalNumber(spec, key), `${path}.${key}`))
  }
  const perIndex = optionalNumber(spec, 'backoffLimitPerIndex')
  const failed = optionalNumber(spec, 'maxFailedIndexes')
  if (failed !== undefined && perIndex === undefined) {
    causes.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'))
  }
  const managedBy = optionalText(spec, 'managedBy')
  if (managedBy !== undefined) {
    const at = `${path}.managedBy`
    for (const one of isDomainPrefixedPath(managedBy)) {
      causes.push(one.type === 'Required' ? required(at, one.detail) : invalid(at, one.value, one.detail))
    }
    if (managedBy.length > 63) causes.push(tooLong(at, 63))
  }
  const mode = optionalText(spec, 'completionMode')
  if (mode !== undefined && mode !== 'NonIndexed' && mode !== 'Indexed') {
    causes.push(notSupported(`${path}.completionMode`, mode, ['NonIndexed', 'Indexed']))
  }
  if (mode === 'Indexed') causes.push(...indexedCauses(spec, path))
  if (mode === undefined || mode === 'NonIndexed') {
    const told = 'requires indexed completion mode'
    if (perIndex !== undefined) causes.push(invalid(`${path}.backoffLimitPerIndex`, perIndex, told))
    if (failed !== undefined) causes.push(invalid(`${path}.maxFailedIndexes`, failed, told))
  }
  const failure = child(spec, 'podFailurePolicy')
  if (failure !== undefined) causes.push(...failurePolicyCauses(spec, failure, `${path}.podFailurePolicy`))
  const success = child(spec, 'successPolicy')
  if (success !== undefined) {
    const at = `${path}.successPolicy`
    if (mode === 'Indexed') causes.push(...successPolicyCauses(spec, success, at))
    else
      causes.push(
        invalid(at, { typed: success, type: 'io.k8s.api.batch.v1.SuccessPolicy' }, 'requires indexed completion mode'),
      )
  }
  causes.push(
    ...replacementCauses(spec, path),
    ...podTemplateCauses(struct(spec, 'template'), `${path}.template`),
    ...restartCauses(spec, path),
  )
  return causes
}
