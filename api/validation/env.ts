import { isDns1123Subdomain } from '../names/dns-names.ts'
import { isLabelKey } from '../names/label-names.ts'
import { isConfigMapKey, isRelaxedEnvVarName } from '../names/other-names.ts'
import { dnsLabelCauses } from './field-causes.ts'
import { invalid, invalids, notSupported, required, type Cause } from './cause.ts'
import { noBacksteps } from './paths.ts'
import { child, text, type View } from './view.ts'

const envFieldPaths = new Set([
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
])
const volumeFieldPaths = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
])
/** ConvertDownwardAPIFieldLabel: what a pod can be asked for at all. */
const knownLabels = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.serviceAccountName',
  'spec.schedulerName',
  'status.phase',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
])
const resourceFields = new Set([
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
])

const binaryDivisors = '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei'

const divisorCauses = (resource: string, divisor: string, path: string): Cause[] => {
  if (divisor === '0' || divisor === '') return []
  const wrong = (values: string, what: string): Cause[] =>
    values.split(', ').includes(divisor)
      ? []
      : [
          invalid(
            `${path}.divisor`,
            resource,
            `only divisor's values ${values === '1m, 1' ? '1m and 1' : values} are supported with the ${what} resource`,
          ),
        ]
  const kind = resource.replace(/^(limits|requests)\./, '')
  if (kind === 'cpu') return wrong('1m, 1', 'cpu')
  if (kind === 'memory') return wrong(binaryDivisors, 'memory')
  if (kind === 'ephemeral-storage') return wrong(binaryDivisors, 'local ephemeral storage')
  return kind.startsWith('hugepages-') ? wrong(binaryDivisors, 'hugepages') : []
}

/** validateContainerResourceFieldSelector */
export const resourceFieldCauses = (selector: View, path: string, volume: boolean): Cause[] => {
  const causes: Cause[] = []
  const resource = text(selector, 'resource')
  if (volume && text(selector, 'containerName') === '') causes.push(required(`${path}.containerName`))
  else if (resource === '') causes.push(required(`${path}.resource`))
  else if (!resourceFields.has(resource) && !/^(requests|limits)\.hugepages-/.test(resource)) {
    causes.push(notSupported(`${path}.resource`, resource, [...resourceFields].sort()))
  }
  causes.push(...divisorCauses(resource, text(selector, 'divisor'), path))
  return causes
}

/** validateObjectFieldSelector */
export const fieldRefCauses = (selector: View, path: string, volume: boolean): Cause[] => {
  const apiVersion = text(selector, 'apiVersion')
  if (apiVersion === '') return [required(`${path}.apiVersion`)]
  const fieldPath = text(selector, 'fieldPath')
  if (fieldPath === '') return [required(`${path}.fieldPath`)]
  const wrong = (why: string): Cause[] => [
    invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${why}`),
  ]
  if (apiVersion !== 'v1') return wrong(`unsupported pod version: ${apiVersion}`)
  const subscripted = /^(.*)\['(.*)'\]$/.exec(fieldPath)
  const main = subscripted?.[1] ?? fieldPath
  if (subscripted !== null) {
    if (main !== 'metadata.annotations' && main !== 'metadata.labels')
      return wrong(`field label does not support subscript: ${fieldPath}`)
    const key = subscripted[2] ?? ''
    return invalids(
      path,
      main === 'metadata.labels' ? key : key.toLowerCase(),
      isLabelKey(main === 'metadata.labels' ? key : key.toLowerCase()),
    )
  }
  const internal = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath
  if (!knownLabels.has(internal)) return wrong(`field label not supported: ${fieldPath}`)
  const supported = volume ? volumeFieldPaths : envFieldPaths
  return supported.has(internal) ? [] : [notSupported(`${path}.fieldPath`, internal, [...supported].sort())]
}

const keySelectorCauses = (selector: View, path: string): Cause[] => {
  const name = text(selector, 'name')
  const causes = invalids(`${path}.name`, name, isDns1123Subdomain(name))
  const key = text(selector, 'key')
  if (key === '') causes.push(required(`${path}.key`))
  else causes.push(...invalids(`${path}.key`, key, isConfigMapKey(key)))
  return causes
}

const fileKeyCauses = (selector: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const key = text(selector, 'key')
  if (key === '') causes.push(required(`${path}.key`))
  else causes.push(...invalids(`${path}.key`, key, isRelaxedEnvVarName(key)))
  const volume = text(selector, 'volumeName')
  if (volume === '') causes.push(required(`${path}.volumeName`))
  else causes.push(...dnsLabelCauses(volume, `${path}.volumeName`))
  const file = text(selector, 'path')
  if (file === '') causes.push(required(`${path}.path`))
  else causes.push(...noBacksteps(file, `${path}.path`))
  return causes
}

const valueFromCauses = (variable: View, path: string): Cause[] => {
  const from = child(variable, 'valueFrom')
  if (from === undefined) return []
  const causes: Cause[] = []
  let sources = 0
  const source = (key: string, check: (selector: View, at: string) => Cause[]): void => {
    const selector = child(from, key)
    if (selector === undefined) return
    sources += 1
    causes.push(...check(selector, `${path}.${key}`))
  }
  source('fieldRef', (selector, at) => fieldRefCauses(selector, at, false))
  source('resourceFieldRef', (selector, at) => resourceFieldCauses(selector, at, false))
  source('configMapKeyRef', keySelectorCauses)
  source('secretKeyRef', keySelectorCauses)
  source('fileKeyRef', fileKeyCauses)
  if (sources === 0) {
    causes.push(
      invalid(
        path,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      ),
    )
  } else if (text(variable, 'value') !== '') {
    causes.push(invalid(path, '', 'may not be specified when `value` is not empty'))
  } else if (sources > 1) {
    causes.push(invalid(path, '', 'may not have more than one field specified at a time'))
  }
  return causes
}

/** ValidateEnv */
export const envCauses = (variables: readonly View[], path: string): Cause[] =>
  variables.flatMap((variable, i) => {
    const at = `${path}[${i}]`
    const name = text(variable, 'name')
    const causes = name === '' ? [required(`${at}.name`)] : invalids(`${at}.name`, name, isRelaxedEnvVarName(name))
    return [...causes, ...valueFromCauses(variable, `${at}.valueFrom`)]
  })

/** ValidateEnvFrom */
export const envFromCauses = (sources: readonly View[], path: string): Cause[] =>
  sources.flatMap((source, i) => {
    const at = `${path}[${i}]`
    const prefix = text(source, 'prefix')
    const causes = prefix === '' ? [] : invalids(`${at}.prefix`, prefix, isRelaxedEnvVarName(prefix))
    let count = 0
    for (const key of ['configMapRef', 'secretRef']) {
      const ref = child(source, key)
      if (ref === undefined) continue
      count += 1
      const name = text(ref, 'name')
      if (name === '') causes.push(required(`${at}.${key}.name`))
      else causes.push(...invalids(`${at}.${key}.name`, name, isDns1123Subdomain(name.replace(/(.)-$/, 'a'))))
    }
    if (count === 0) causes.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'))
    else if (count > 1) causes.push(invalid(path, '', 'may not have more than one field specified at a time'))
    return causes
  })
