import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { ContainerTruth } from '../record/container-truth.ts'
import type { LogTruth } from '../record/log-truth.ts'
import { EvaluationError } from './evaluation-error.ts'
import type { Moment } from './moment.ts'
import { presentObject } from './resolve-noun.ts'
import { absentValue, type Value } from './value.ts'

const wordOf = (value: Value | undefined): string | undefined => {
  if (value?.kind === 'string') return value.value
  if (value?.kind === 'subject' && value.subject.kind === 'named') return value.subject.name
  return undefined
}

const containerOf = (pod: Pod, asked: string | undefined): string => {
  const names = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map((one) => one.name)
  const name = asked ?? (pod.spec.containers.length === 1 ? pod.spec.containers[0]!.name : undefined)
  if (name === undefined)
    throw new EvaluationError(
      `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`,
    )
  if (!names.includes(name)) throw new EvaluationError(`container ${name} is not valid for pod ${pod.metadata.name}`)
  return name
}

/** `logs(pod/x)`, `logs(pod/x, app)`, `logs(pod/x, app, previous)`: all that a run of a container has printed, each line with its end. */
export const podLog = ([value, asked, which]: readonly Value[], moment: Moment): Value => {
  const only = value?.kind === 'list' && value.items.length === 1 ? value.items[0] : value
  if (only?.kind !== 'subject' || only.subject.kind !== 'object' || only.subject.resource !== 'pods')
    throw new EvaluationError('logs(…) are those of one pod')
  const previous = wordOf(which)
  if (previous !== undefined && previous !== 'previous')
    throw new EvaluationError(`logs(…) are of this run or of the \`previous\` one, not of \`${previous}\``)
  const { subject } = only
  const pod = (presentObject(subject, moment) ?? subject.object) as unknown as Pod
  const container = containerOf(pod, wordOf(asked))
  moment.reads.add('logs/')
  moment.reads.add('containers/')
  const place = `${pod.spec.nodeName ?? ''}/${subject.namespace ?? ''}/${subject.name}/${container}`
  const truth = moment.state.truth(`containers/${place}`) as ContainerTruth | undefined
  if (truth === undefined || truth.podUid !== pod.metadata.uid) return absentValue(`a log of container ${container}`)
  // A container that is made and has not started has no log yet: the one before is shown.
  const attempt = truth.attempt - (truth.state === 'Waiting' ? 1 : 0) - (previous === undefined ? 0 : 1)
  if (attempt < 0) return absentValue(`a ${previous ?? ''} log of container ${container}`)
  const { timeline } = moment.world
  let text = ''
  for (const entry of timeline.about(`logs/${place}`)) {
    if (entry > moment.state.entry) break
    const line = timeline.data(entry) as LogTruth
    if (line.podUid === truth.podUid && line.attempt === attempt) text += `${line.line}\n`
  }
  return { kind: 'string', value: text }
}
