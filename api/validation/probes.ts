import { isHttpHeaderName, isValidPortName } from '../names/other-names.ts'
import { nonNegative, portNumber } from './field-causes.ts'
import { forbidden, invalid, invalids, notSupported, required, type Cause } from './cause.ts'
import { child, list, number, optionalNumber, strings, text, type View } from './view.ts'

/** ValidatePortNumOrName */
export const portNumberOrName = (port: unknown, path: string): Cause[] =>
  typeof port === 'string'
    ? invalids(path, port, isValidPortName(port))
    : portNumber(typeof port === 'number' ? port : 0, path)

const httpCauses = (action: View, path: string): Cause[] => {
  const causes: Cause[] = []
  if (text(action, 'path') === '') causes.push(required(`${path}.path`))
  causes.push(...portNumberOrName(action['port'], `${path}.port`))
  const scheme = text(action, 'scheme')
  if (scheme !== 'HTTP' && scheme !== 'HTTPS') causes.push(notSupported(`${path}.scheme`, scheme, ['HTTP', 'HTTPS']))
  for (const header of list(action, 'httpHeaders')) {
    const name = text(header, 'name')
    causes.push(...invalids(`${path}.httpHeaders`, name, isHttpHeaderName(name)))
  }
  return causes
}

const sleepCauses = (action: View, path: string, grace: number | undefined): Cause[] => {
  const seconds = number(action, 'seconds')
  return grace !== undefined && (seconds < 0 || seconds > grace)
    ? [invalid(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${grace})`)]
    : []
}

/** validateHandler */
const handlerCauses = (handler: View, path: string, grace: number | undefined): Cause[] => {
  const causes: Cause[] = []
  let found = false
  const offer = (key: string, check: (action: View, at: string) => Cause[]): void => {
    const action = child(handler, key)
    if (action === undefined) return
    const at = `${path}.${key}`
    if (found) causes.push(forbidden(at, 'may not specify more than 1 handler type'))
    else causes.push(...check(action, at))
    found = true
  }
  offer('exec', (action, at) => (strings(action, 'command').length === 0 ? [required(`${at}.command`)] : []))
  offer('httpGet', httpCauses)
  offer('tcpSocket', (action, at) => portNumberOrName(action['port'], `${at}.port`))
  offer('grpc', (action, at) => portNumber(number(action, 'port'), `${at}.port`))
  offer('sleep', (action, at) => sleepCauses(action, at, grace))
  if (!found) causes.push(required(path, 'must specify a handler type'))
  return causes
}

const probeCauses = (probe: View, path: string, grace: number | undefined): Cause[] => {
  const causes = handlerCauses(probe, path, grace)
  for (const key of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ]) {
    causes.push(...nonNegative(number(probe, key), `${path}.${key}`))
  }
  const own = optionalNumber(probe, 'terminationGracePeriodSeconds')
  if (own !== undefined && own <= 0)
    causes.push(invalid(`${path}.terminationGracePeriodSeconds`, own, 'must be greater than 0'))
  return causes
}

/** validateLivenessProbe, validateReadinessProbe, validateStartupProbe */
export const containerProbeCauses = (container: View, path: string, grace: number | undefined): Cause[] => {
  const causes: Cause[] = []
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = child(container, key)
    if (probe === undefined) continue
    const at = `${path}.${key}`
    causes.push(...probeCauses(probe, at, grace))
    if (key === 'readinessProbe') {
      const own = optionalNumber(probe, 'terminationGracePeriodSeconds')
      if (own !== undefined)
        causes.push(invalid(`${at}.terminationGracePeriodSeconds`, own, 'must not be set for readinessProbes'))
    } else if (number(probe, 'successThreshold') !== 1) {
      causes.push(invalid(`${at}.successThreshold`, number(probe, 'successThreshold'), 'must be 1'))
    }
  }
  return causes
}

/** validateLifecycle */
export const lifecycleCauses = (lifecycle: View | undefined, path: string, grace: number | undefined): Cause[] => {
  const causes: Cause[] = []
  for (const key of ['postStart', 'preStop']) {
    const handler = child(lifecycle, key)
    if (handler !== undefined) causes.push(...handlerCauses(handler, `${path}.${key}`, grace))
  }
  return causes
}
