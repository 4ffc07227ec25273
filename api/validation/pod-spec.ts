import { isDns1123Subdomain, isDns1123SubdomainWithUnderscore } from '../names/dns-names.ts'
import { compareQuantities } from '../quantity/compare-quantities.ts'
import { quantityOf } from '../quantity/parse-quantity.ts'
import { aggregateAmounts } from '../defaults/pod.ts'
import { affinityCauses } from './affinity.ts'
import { dnsLabelCauses, dnsSubdomainCauses, inRange, legacyIp } from './field-causes.ts'
import {
  duplicate,
  forbidden,
  invalid,
  invalids,
  notFound,
  notSupported,
  required,
  tooLong,
  type Cause,
} from './cause.ts'
import { containerCauses, ephemeralContainerCauses, initContainerCauses, type ContainerContext } from './container.ts'
import { labelNameCauses } from './label-selector.ts'
import { labelCauses } from './object-meta.ts'
import {
  amountText,
  amountsOf,
  containerResourceNameCauses,
  isHugePages,
  noClaims,
  podResourceNameCauses,
  resourceRequirementCauses,
} from './resources.ts'
import { eachContainer, osCauses, podSecurityContextCauses } from './security-context.ts'
import { tolerationCauses } from './tolerations.ts'
import { topologySpreadCauses } from './topology-spread.ts'
import { child, flag, list, map, number, optionalNumber, optionalText, strings, text, type View } from './view.ts'
import { volumeCauses } from './volumes.ts'

const maxInt32 = 2147483647
const restartPolicies = ['Always', 'OnFailure', 'Never']
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']

const choice = (value: string, supported: readonly string[], path: string): Cause[] => {
  if (value === '') return [required(path)]
  return supported.includes(value) ? [] : [notSupported(path, value, supported)]
}

const resourceClaimCauses = (spec: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const seen = new Set<string>()
  list(spec, 'resourceClaims').forEach((claim, i) => {
    const at = `${path}[${i}]`
    const name = text(claim, 'name')
    if (name === '') causes.push(required(`${at}.name`))
    else if (seen.has(name)) causes.push(duplicate(`${at}.name`, name))
    else {
      causes.push(...dnsLabelCauses(name, `${at}.name`))
      seen.add(name)
    }
    const own = optionalText(claim, 'resourceClaimName')
    const template = optionalText(claim, 'resourceClaimTemplateName')
    const shown = { typed: claim, type: 'io.k8s.api.core.v1.PodResourceClaim' }
    if (own !== undefined && template !== undefined) {
      causes.push(
        invalid(at, shown, 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified'),
      )
    }
    if (own === undefined && template === undefined) {
      causes.push(invalid(at, shown, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'))
    }
    if (own !== undefined) causes.push(...dnsSubdomainCauses(own, `${at}.resourceClaimName`))
    if (template !== undefined) causes.push(...dnsSubdomainCauses(template, `${at}.resourceClaimTemplateName`))
  })
  return causes
}

/** validatePodResources */
const podResourceCauses = (spec: View, path: string): Cause[] => {
  const resources = child(spec, 'resources')
  if (resources === undefined) return []
  const at = `${path}.resources`
  if (text(child(spec, 'os'), 'name') === 'windows') return [forbidden(at, 'may not be set for a windows pod')]
  const causes: Cause[] = []
  if (resources['claims'] !== undefined)
    causes.push(forbidden(`${at}.claims`, 'claims may not be set for Resources at pod-level'))
  causes.push(...resourceRequirementCauses(resources, at, podResourceNameCauses, noClaims))
  const requests = amountsOf(resources, 'requests')
  for (const [name, total] of aggregateAmounts(spec, 'requests')) {
    const own = requests[name]
    if (own === undefined || compareQuantities(total, quantityOf(own)) <= 0) continue
    causes.push(
      invalid(
        `${at}.requests[${name}]`,
        own,
        `must be greater than or equal to aggregate container requests of ${amountText(total)}`,
      ),
    )
  }
  const limits = amountsOf(resources, 'limits')
  for (const [name, total] of aggregateAmounts(spec, 'limits')) {
    const own = limits[name]
    if (!isHugePages(name) || own === undefined || compareQuantities(total, quantityOf(own)) <= 0) continue
    causes.push(
      invalid(
        `${at}.limits[${name}]`,
        own,
        `must be greater than or equal to aggregate container limits of ${amountText(total)}`,
      ),
    )
  }
  list(spec, 'containers').forEach((container, i) => {
    const own = amountsOf(child(container, 'resources'), 'limits')
    for (const name in own) {
      const limit = limits[name]
      const amount = own[name] ?? '0'
      if (limit === undefined || compareQuantities(quantityOf(amount), quantityOf(limit)) <= 0) continue
      causes.push(
        invalid(
          `${at}.containers[${i}][${name}].limits`,
          amount,
          `must be less than or equal to pod limits of ${limit}`,
        ),
      )
    }
  })
  return causes
}

const hostNetworkCauses = (spec: View, path: string, isPod: boolean): Cause[] =>
  !flag(spec, 'hostNetwork')
    ? []
    : list(spec, 'containers').flatMap((container, i) =>
        list(container, 'ports').flatMap((port, j) => {
          const host = number(port, 'hostPort')
          return (isPod || host !== 0) && host !== number(port, 'containerPort')
            ? [
                invalid(
                  `${path}.containers[${i}].ports[${j}].hostPort`,
                  host,
                  'must match `containerPort` when `hostNetwork` is true',
                ),
              ]
            : []
        }),
      )

const dnsConfigCauses = (spec: View, path: string): Cause[] => {
  const config = child(spec, 'dnsConfig')
  const servers = strings(config, 'nameservers')
  if (text(spec, 'dnsPolicy') === 'None') {
    if (config === undefined) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')]
    if (servers.length === 0) {
      return [required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')]
    }
  }
  if (config === undefined) return []
  const causes: Cause[] = []
  if (servers.length > 3) causes.push(invalid(`${path}.nameservers`, servers, 'must not have more than 3 nameservers'))
  servers.forEach((server, i) => causes.push(...legacyIp(server, `${path}.nameservers[${i}]`)))
  const searches = strings(config, 'searches')
  if (searches.length > 32)
    causes.push(invalid(`${path}.searches`, searches, 'must not have more than 32 search paths'))
  if (searches.join(' ').length > 2048) {
    causes.push(
      invalid(
        `${path}.searches`,
        searches,
        'must not have more than 2048 characters (including spaces) in the search list',
      ),
    )
  }
  searches.forEach((search, i) => {
    const name = search.replace(/\.$/, '')
    if (search !== '.') causes.push(...invalids(`${path}.searches[${i}]`, name, isDns1123SubdomainWithUnderscore(name)))
  })
  list(config, 'options').forEach((option, i) => {
    if (text(option, 'name') === '') causes.push(required(`${path}.options[${i}]`, 'must not be empty'))
  })
  return causes
}

const gateCauses = (spec: View, path: string): Cause[] => {
  const causes = list(spec, 'readinessGates').flatMap((gate, i) =>
    labelNameCauses(text(gate, 'conditionType'), `${path}.readinessGates[${i}].conditionType`),
  )
  const seen = new Set<string>()
  list(spec, 'schedulingGates').forEach((gate, i) => {
    const at = `${path}.schedulingGates[${i}]`
    const name = text(gate, 'name')
    causes.push(...labelNameCauses(name, at))
    if (seen.has(name)) causes.push(duplicate(at, name))
    seen.add(name)
  })
  return causes
}

const hostUsersCauses = (spec: View, path: string): Cause[] => {
  if (spec['hostUsers'] !== false) return []
  const told = 'when `hostUsers` is false'
  return [
    ...(flag(spec, 'hostNetwork') ? [forbidden(`${path}.hostNetwork`, told)] : []),
    ...(flag(spec, 'hostPID') ? [forbidden(`${path}.HostPID`, told)] : []),
    ...(flag(spec, 'hostIPC') ? [forbidden(`${path}.HostIPC`, told)] : []),
    ...eachContainer(spec, path).flatMap(([container, at]) =>
      list(container, 'volumeDevices').length > 0 ? [forbidden(`${at}.volumeDevices`, told)] : [],
    ),
  ]
}

const hostNameCauses = (spec: View, path: string): Cause[] => {
  const override = optionalText(spec, 'hostnameOverride')
  if (override === undefined) return []
  const at = `${path}.hostnameOverride`
  return [
    ...(flag(spec, 'setHostnameAsFQDN') ? [forbidden(at, 'may not be specified when setHostnameAsFQDN is true')] : []),
    ...(flag(spec, 'hostNetwork') ? [forbidden(at, 'may not be specified when hostNetwork is true')] : []),
    ...(override.length > 64 ? [tooLong(at, 64)] : []),
    ...dnsSubdomainCauses(override, at),
  ]
}

const fileKeyCauses = (spec: View, path: string): Cause[] => {
  const volumes = new Map(list(spec, 'volumes').map((volume) => [text(volume, 'name'), volume]))
  return eachContainer(spec, path).flatMap(([container, at]) =>
    list(container, 'env').flatMap((variable, i) => {
      const ref = child(child(variable, 'valueFrom'), 'fileKeyRef')
      if (ref === undefined) return []
      const field = `${at}.env[${i}].valueFrom.fileKeyRef.volumeName`
      const name = text(ref, 'volumeName')
      const volume = volumes.get(name)
      if (volume === undefined) return [notFound(field, name)]
      return child(volume, 'emptyDir') === undefined
        ? [invalid(field, name, 'referenced volume must be of type emptyDir')]
        : []
    }),
  )
}

/** The scalar fields at the end of ValidatePodSpec. */
const tailCauses = (spec: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const named = (key: string): void => {
    const value = text(spec, key)
    if (value !== '') causes.push(...invalids(`${path}.${key}`, value, isDns1123Subdomain(value)))
  }
  named('serviceAccountName')
  named('nodeName')
  const deadline = optionalNumber(spec, 'activeDeadlineSeconds')
  if (deadline !== undefined) causes.push(...inRange(deadline, 1, maxInt32, `${path}.activeDeadlineSeconds`))
  for (const key of ['hostname', 'subdomain']) {
    if (text(spec, key) !== '') causes.push(...dnsLabelCauses(text(spec, key), `${path}.${key}`))
  }
  causes.push(...tolerationCauses(list(spec, 'tolerations'), `${path}.tolerations`))
  list(spec, 'hostAliases').forEach((alias, i) => {
    const at = `${path}.hostAliases[${i}]`
    causes.push(...legacyIp(text(alias, 'ip'), `${at}.ip`))
    strings(alias, 'hostnames').forEach((host, j) => causes.push(...dnsSubdomainCauses(host, `${at}.hostnames[${j}]`)))
  })
  named('priorityClassName')
  const runtimeClass = optionalText(spec, 'runtimeClassName')
  if (runtimeClass !== undefined) causes.push(...dnsSubdomainCauses(runtimeClass, `${path}.runtimeClassName`))
  const preemption = optionalText(spec, 'preemptionPolicy')
  if (preemption !== undefined)
    causes.push(...choice(preemption, ['PreemptLowerPriority', 'Never'], `${path}.preemptionPolicy`))
  const overhead = child(spec, 'overhead')
  if (overhead !== undefined) {
    causes.push(
      ...resourceRequirementCauses({ limits: overhead }, `${path}.overhead`, containerResourceNameCauses, noClaims),
    )
  }
  causes.push(...osCauses(spec, path), ...fileKeyCauses(spec, path))
  return causes
}

interface Judged {
  readonly path: string
  readonly isPod: boolean
  readonly podName: string
  readonly causes: readonly Cause[]
}

const judged = new WeakMap<object, Judged>()

/** ValidatePodSpec. Remembered for frozen specs: pods of one template share the verdict. */
export const podSpecCauses = (spec: View, path: string, isPod: boolean, podName = ''): readonly Cause[] => {
  const known = judged.get(spec)
  // Only ephemeral volumes look at the pod's name.
  const ephemeral = podName !== '' && list(spec, 'volumes').some((volume) => child(volume, 'ephemeral') !== undefined)
  const name = ephemeral ? podName : ''
  if (
    known !== undefined &&
    known.path === path &&
    known.isPod === isPod &&
    known.podName === name &&
    Object.isFrozen(spec)
  ) {
    return known.causes
  }
  const causes = allCauses(spec, path, isPod, name)
  judged.set(spec, { path, isPod, podName: name, causes })
  return causes
}

const allCauses = (spec: View, path: string, isPod: boolean, podName: string): Cause[] => {
  const grace = optionalNumber(spec, 'terminationGracePeriodSeconds')
  const causes: Cause[] = grace === undefined ? [required(`${path}.terminationGracePeriodSeconds`)] : []
  const volumes = volumeCauses(list(spec, 'volumes'), `${path}.volumes`, podName)
  const podClaims = new Set(list(spec, 'resourceClaims').map((claim) => text(claim, 'name')))
  podClaims.delete('')
  const restartPolicy = text(spec, 'restartPolicy')
  const context: ContainerContext = {
    volumes: volumes.valid,
    podClaims,
    grace,
    restartPolicy,
    hostUsers: spec['hostUsers'] !== false,
  }
  causes.push(
    ...volumes.causes,
    ...resourceClaimCauses(spec, `${path}.resourceClaims`),
    ...containerCauses(list(spec, 'containers'), `${path}.containers`, context),
    ...initContainerCauses(spec, `${path}.initContainers`, context),
    ...ephemeralContainerCauses(spec, `${path}.ephemeralContainers`, context),
    ...podResourceCauses(spec, path),
    ...hostNetworkCauses(spec, path, isPod),
    ...choice(restartPolicy, restartPolicies, `${path}.restartPolicy`),
    ...choice(text(spec, 'dnsPolicy'), dnsPolicies, `${path}.dnsPolicy`),
    ...labelCauses(map(spec, 'nodeSelector'), `${path}.nodeSelector`),
    ...podSecurityContextCauses(spec, path),
    ...affinityCauses(child(spec, 'affinity'), `${path}.affinity`),
    ...dnsConfigCauses(spec, `${path}.dnsConfig`),
    ...gateCauses(spec, path),
    ...topologySpreadCauses(list(spec, 'topologySpreadConstraints'), `${path}.topologySpreadConstraints`),
    ...hostUsersCauses(spec, path),
    ...hostNameCauses(spec, path),
    ...tailCauses(spec, path),
  )
  return causes
}
