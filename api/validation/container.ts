import { isValidPortName } from '../names/other-names.ts'
import { dnsLabelCauses, portNumber } from './field-causes.ts'
import {
  duplicate,
  forbidden,
  invalid,
  invalids,
  notFound,
  notSupported,
  required,
  tooMany,
  type Cause,
} from './cause.ts'
import { envCauses, envFromCauses } from './env.ts'
import { containerProbeCauses, lifecycleCauses } from './probes.ts'
import { containerResourceCauses } from './resources.ts'
import { securityContextCauses } from './security-context.ts'
import { child, list, number, optionalText, text, type View } from './view.ts'
import { volumeDeviceCauses, volumeMountCauses, type Volumes } from './volumes.ts'

/** What the containers of a pod are judged by. */
export interface ContainerContext {
  readonly volumes: Volumes
  readonly podClaims: ReadonlySet<string>
  readonly grace: number | undefined
  readonly restartPolicy: string
  readonly hostUsers: boolean
}

const protocols = ['SCTP', 'TCP', 'UDP']
const pullPolicies = ['Always', 'IfNotPresent', 'Never']
const restartPolicies = ['Always', 'Never', 'OnFailure']

const portCauses = (ports: readonly View[], path: string): Cause[] => {
  const causes: Cause[] = []
  const names = new Set<string>()
  ports.forEach((port, i) => {
    const at = `${path}[${i}]`
    const name = text(port, 'name')
    if (name !== '') {
      const wrong = isValidPortName(name)
      if (wrong.length > 0) {
        // Upstream's loop over the messages runs over the port's index: later complaints of the same name tell another one.
        causes.push(...invalids(`${at}.name`, name, wrong))
      } else if (names.has(name)) causes.push(duplicate(`${at}.name`, name))
      else names.add(name)
    }
    const own = number(port, 'containerPort')
    if (own === 0) causes.push(required(`${at}.containerPort`))
    else causes.push(...portNumber(own, `${at}.containerPort`))
    const host = number(port, 'hostPort')
    if (host !== 0) causes.push(...portNumber(host, `${at}.hostPort`))
    const protocol = text(port, 'protocol')
    if (protocol === '') causes.push(required(`${at}.protocol`))
    else if (!protocols.includes(protocol)) causes.push(notSupported(`${at}.protocol`, protocol, protocols))
  })
  return causes
}

const resizeCauses = (policies: readonly View[], path: string, podRestart: string): Cause[] => {
  const causes: Cause[] = []
  const seen = new Set<string>()
  policies.forEach((policy, i) => {
    const resource = text(policy, 'resourceName')
    const restart = text(policy, 'restartPolicy')
    if (seen.has(resource)) causes.push(duplicate(`${path}[${i}]`, resource))
    seen.add(resource)
    if (resource === '') causes.push(required(path))
    else if (resource !== 'cpu' && resource !== 'memory') causes.push(notSupported(path, resource, ['cpu', 'memory']))
    if (restart === '') causes.push(required(path))
    else if (restart !== 'NotRequired' && restart !== 'RestartContainer') {
      causes.push(notSupported(path, restart, ['NotRequired', 'RestartContainer']))
    }
    if (podRestart === 'Never' && restart !== 'NotRequired') {
      causes.push(invalid(path, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"))
    }
  })
  return causes
}

/** validateContainerCommon */
const commonCauses = (container: View, path: string, context: ContainerContext): Cause[] => {
  const name = text(container, 'name')
  const causes = name === '' ? [required(`${path}.name`)] : dnsLabelCauses(name, `${path}.name`)
  if (text(container, 'image') === '') causes.push(required(`${path}.image`))
  const message = text(container, 'terminationMessagePolicy')
  if (message === '') causes.push(required(`${path}.terminationMessagePolicy`))
  else if (message !== 'File' && message !== 'FallbackToLogsOnError') {
    causes.push(notSupported(`${path}.terminationMessagePolicy`, message, ['File', 'FallbackToLogsOnError']))
  }
  causes.push(
    ...portCauses(list(container, 'ports'), `${path}.ports`),
    ...envCauses(list(container, 'env'), `${path}.env`),
    ...envFromCauses(list(container, 'envFrom'), `${path}.envFrom`),
    ...volumeMountCauses(container, `${path}.volumeMounts`, context.volumes),
    ...volumeDeviceCauses(container, `${path}.volumeDevices`, context.volumes),
  )
  const pull = text(container, 'imagePullPolicy')
  if (pull === '') causes.push(required(`${path}.imagePullPolicy`))
  else if (!pullPolicies.includes(pull)) causes.push(notSupported(`${path}.imagePullPolicy`, pull, pullPolicies))
  causes.push(
    ...containerResourceCauses(container, `${path}.resources`, context.podClaims),
    ...resizeCauses(list(container, 'resizePolicy'), `${path}.resizePolicy`, context.restartPolicy),
    ...securityContextCauses(child(container, 'securityContext'), `${path}.securityContext`, context.hostUsers),
  )
  return causes
}

/** validateContainerRestartPolicy */
const restartCauses = (container: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const policy = optionalText(container, 'restartPolicy')
  const rules = list(container, 'restartPolicyRules')
  if (policy === undefined) {
    if (rules.length === 0) return causes
    causes.push(required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used'))
  } else if (!restartPolicies.includes(policy))
    causes.push(notSupported(`${path}.restartPolicy`, policy, restartPolicies))
  if (rules.length > 20) causes.push(tooMany(`${path}.restartPolicyRules`, rules.length, 20))
  rules.forEach((rule, i) => {
    const at = `${path}.restartPolicyRules[${i}]`
    const action = text(rule, 'action')
    if (action !== 'Restart' && action !== 'RestartAllContainers') {
      causes.push(notSupported(`${at}.action`, action, ['Restart', 'RestartAllContainers']))
    }
    const codes = child(rule, 'exitCodes')
    if (codes === undefined) {
      causes.push(required(`${at}.exitCodes`, 'must be specified'))
      return
    }
    const operator = text(codes, 'operator')
    if (operator !== 'In' && operator !== 'NotIn')
      causes.push(notSupported(`${at}.exitCodes.operator`, operator, ['In', 'NotIn']))
    const values = (codes['values'] as readonly number[] | undefined) ?? []
    if (values.length > 255) causes.push(tooMany(`${at}.exitCodes.values`, values.length, 255))
  })
  return causes
}

/** checkHostPortConflicts */
const hostPortCauses = (containers: readonly View[], path: string): Cause[] => {
  const causes: Cause[] = []
  const seen = new Set<string>()
  containers.forEach((container, i) => {
    list(container, 'ports').forEach((port, j) => {
      const host = number(port, 'hostPort')
      if (host === 0) return
      const key = `${text(port, 'protocol')}/${text(port, 'hostIP')}/${host}`
      if (seen.has(key)) causes.push(duplicate(`${path}[${i}].ports[${j}].hostPort`, key))
      else seen.add(key)
    })
  })
  return causes
}

/** validateContainers */
export const containerCauses = (containers: readonly View[], path: string, context: ContainerContext): Cause[] => {
  if (containers.length === 0) return [required(path)]
  const causes: Cause[] = []
  const names = new Set<string>()
  containers.forEach((container, i) => {
    const at = `${path}[${i}]`
    causes.push(...commonCauses(container, at, context))
    const name = text(container, 'name')
    if (names.has(name)) causes.push(duplicate(`${at}.name`, name))
    else names.add(name)
    causes.push(
      ...lifecycleCauses(child(container, 'lifecycle'), `${at}.lifecycle`, context.grace),
      ...containerProbeCauses(container, at, context.grace),
      ...restartCauses(container, at),
    )
  })
  causes.push(...hostPortCauses(containers, path))
  return causes
}

const notForInit = 'may not be set for init containers without restartPolicy=Always'

/** validateInitContainers */
export const initContainerCauses = (spec: View, path: string, context: ContainerContext): Cause[] => {
  const causes: Cause[] = []
  const names = new Set(list(spec, 'containers').map((one) => text(one, 'name')))
  list(spec, 'initContainers').forEach((container, i) => {
    const at = `${path}[${i}]`
    causes.push(...commonCauses(container, at, context), ...restartCauses(container, at))
    const name = text(container, 'name')
    if (names.has(name)) causes.push(duplicate(`${at}.name`, name))
    else if (name !== '') names.add(name)
    // Upstream looks at one container at a time and calls it the first.
    causes.push(...hostPortCauses([container], path))
    const sidecar = optionalText(container, 'restartPolicy') === 'Always'
    if (sidecar) {
      causes.push(
        ...lifecycleCauses(child(container, 'lifecycle'), `${at}.lifecycle`, context.grace),
        ...containerProbeCauses(container, at, context.grace),
      )
    } else {
      for (const key of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']) {
        if (child(container, key) !== undefined) causes.push(forbidden(`${at}.${key}`, notForInit))
      }
      list(container, 'resizePolicy').forEach((policy, j) => {
        if (text(policy, 'restartPolicy') !== 'RestartContainer') return
        causes.push(
          invalid(
            `${at}.resizePolicy[${j}].restartPolicy`,
            'RestartContainer',
            "must not be set to 'RestartContainer' for non-sidecar initContainers",
          ),
        )
      })
    }
  })
  return causes
}

const notForEphemeral = [
  'ports',
  'resources',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'resizePolicy',
  'restartPolicy',
]

/** validateEphemeralContainers */
export const ephemeralContainerCauses = (spec: View, path: string, context: ContainerContext): Cause[] => {
  const causes: Cause[] = []
  const others = new Set([...list(spec, 'containers'), ...list(spec, 'initContainers')].map((one) => text(one, 'name')))
  const names = new Set(others)
  list(spec, 'ephemeralContainers').forEach((container, i) => {
    const at = `${path}[${i}]`
    causes.push(...commonCauses(container, at, context), ...imageBlankCauses(container, at))
    const name = text(container, 'name')
    if (names.has(name)) causes.push(duplicate(`${at}.name`, name))
    else names.add(name)
    const target = text(container, 'targetContainerName')
    if (target !== '' && !others.has(target)) causes.push(notFound(`${at}.targetContainerName`, target))
    for (const key of notForEphemeral) {
      const value = container[key]
      const empty = value === undefined || (key === 'resources' && Object.keys(value as object).length === 0)
      if (!empty) causes.push(forbidden(`${at}.${key}`, 'cannot be set for an Ephemeral Container'))
    }
    list(container, 'volumeMounts').forEach((mount, j) => {
      for (const key of ['subPath', 'subPathExpr']) {
        if (text(mount, key) !== '')
          causes.push(forbidden(`${at}.volumeMounts[${j}].${key}`, 'cannot be set for an Ephemeral Container'))
      }
    })
  })
  return causes
}

/** validateContainerOnlyForPod */
export const imageBlankCauses = (container: View, path: string): Cause[] => {
  const image = text(container, 'image')
  return image.trim() === image ? [] : [invalid(`${path}.image`, image, 'must not have leading or trailing whitespace')]
}
