import { forbidden, invalid, notSupported, required, tooLong, duplicate, type Cause } from './cause.ts'
import { inRange } from './field-causes.ts'
import { localDescending } from './paths.ts'
import { child, flag, list, optionalNumber, optionalText, strings, struct, text, type View } from './view.ts'

const maxInt32 = 2147483647
const maxProfileLength = 4095
const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined']

const identity = (holder: View, key: string, path: string): Cause[] => {
  const value = optionalNumber(holder, key)
  return value === undefined ? [] : inRange(value, 0, maxInt32, `${path}.${key}`)
}

const seccompCauses = (profile: View | undefined, path: string): Cause[] => {
  if (profile === undefined) return []
  const causes: Cause[] = []
  const type = text(profile, 'type')
  if (type === '') causes.push(required(`${path}.type`, 'type is required when seccompProfile is set'))
  else if (!profileTypes.includes(type)) causes.push(notSupported(`${path}.type`, type, profileTypes))
  const local = optionalText(profile, 'localhostProfile')
  if (type === 'Localhost') {
    if (local === undefined)
      causes.push(required(`${path}.localhostProfile`, 'must be set when seccomp type is Localhost'))
    else causes.push(...localDescending(local, `${path}.localhostProfile`))
  } else if (local !== undefined) {
    const shown = { typed: profile, type: 'io.k8s.api.core.v1.SeccompProfile' }
    causes.push(invalid(`${path}.localhostProfile`, shown, 'can only be set when seccomp type is Localhost'))
  }
  return causes
}

const appArmorCauses = (profile: View | undefined, path: string): Cause[] => {
  if (profile === undefined) return []
  const at = `${path}.localhostProfile`
  const local = optionalText(profile, 'localhostProfile')
  const type = text(profile, 'type')
  switch (type) {
    case 'Localhost': {
      if (local === undefined) return [required(at, 'must be set when AppArmor type is Localhost')]
      const causes: Cause[] = []
      if (local.trim() !== local) causes.push(invalid(at, local, 'must not be padded with whitespace'))
      else if (local === '') causes.push(required(at, 'must be set when AppArmor type is Localhost'))
      if (local.length > maxProfileLength) causes.push(tooLong(at, maxProfileLength))
      return causes
    }
    case 'RuntimeDefault':
    case 'Unconfined':
      return local === undefined ? [] : [invalid(at, local, 'can only be set when AppArmor type is Localhost')]
    case '':
      return [required(`${path}.type`, 'type is required when appArmorProfile is set')]
    default:
      return [notSupported(`${path}.type`, type, profileTypes)]
  }
}

/** ValidateSecurityContext */
export const securityContextCauses = (context: View | undefined, path: string, hostUsers: boolean): Cause[] => {
  if (context === undefined) return []
  const causes = [...identity(context, 'runAsUser', path), ...identity(context, 'runAsGroup', path)]
  const procMount = optionalText(context, 'procMount')
  if (procMount !== undefined) {
    if (procMount !== 'Default' && procMount !== 'Unmasked') {
      causes.push(notSupported(`${path}.procMount`, procMount, ['Default', 'Unmasked']))
    }
    if (hostUsers && procMount === 'Unmasked') {
      causes.push(invalid(`${path}.procMount`, procMount, '`hostUsers` must be false to use `Unmasked`'))
    }
  }
  causes.push(...seccompCauses(child(context, 'seccompProfile'), `${path}.seccompProfile`))
  if (context['allowPrivilegeEscalation'] === false) {
    const shown = { typed: context, type: 'io.k8s.api.core.v1.SecurityContext' }
    if (flag(context, 'privileged')) {
      causes.push(invalid(path, shown, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'))
    }
    for (const one of strings(child(context, 'capabilities'), 'add')) {
      if (one === 'CAP_SYS_ADMIN') {
        causes.push(
          invalid(path, shown, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'),
        )
      }
    }
  }
  causes.push(...appArmorCauses(child(context, 'appArmorProfile'), `${path}.appArmorProfile`))
  return causes
}

const sysctlPattern = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/
const sysctlRegex = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$'
const ipcPrefixes = ['kernel.shm', 'kernel.msg', 'fs.mqueue.']

const sysctlCauses = (context: View, spec: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const seen = new Set<string>()
  list(context, 'sysctls').forEach((sysctl, i) => {
    const at = `${path}[${i}].name`
    const name = text(sysctl, 'name')
    if (name === '') causes.push(required(at))
    else if (name.length > 253 || !sysctlPattern.test(name)) {
      causes.push(invalid(at, name, `must have at most 253 characters and match regex ${sysctlRegex}`))
    } else if (seen.has(name)) causes.push(duplicate(at, name))
    const dotted = name.replaceAll('/', '.')
    if (flag(spec, 'hostNetwork') && dotted.startsWith('net.'))
      causes.push(invalid(at, name, "may not be specified when 'hostNetwork' is true"))
    else if (flag(spec, 'hostIPC') && (dotted === 'kernel.sem' || ipcPrefixes.some((one) => dotted.startsWith(one)))) {
      causes.push(invalid(at, name, "may not be specified when 'hostIPC' is true"))
    }
    seen.add(name)
  })
  return causes
}

const oneOf = (context: View, key: string, supported: readonly string[], path: string): Cause[] => {
  const value = optionalText(context, key)
  return value === undefined || supported.includes(value) ? [] : [notSupported(`${path}.${key}`, value, supported)]
}

/** validatePodSpecSecurityContext */
export const podSecurityContextCauses = (spec: View, specPath: string): Cause[] => {
  const context = child(spec, 'securityContext')
  if (context === undefined) return []
  const path = `${specPath}.securityContext`
  const groups = (context['supplementalGroups'] as readonly number[] | undefined) ?? []
  return [
    ...identity(context, 'fsGroup', path),
    ...identity(context, 'runAsUser', path),
    ...identity(context, 'runAsGroup', path),
    ...groups.flatMap((group, i) => inRange(group, 0, maxInt32, `${path}.supplementalGroups[${i}]`)),
    ...(flag(spec, 'shareProcessNamespace') && flag(spec, 'hostPID')
      ? [invalid(`${path}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled')]
      : []),
    ...sysctlCauses(context, spec, `${path}.sysctls`),
    ...oneOf(context, 'fsGroupChangePolicy', ['Always', 'OnRootMismatch'], path),
    ...seccompCauses(child(context, 'seccompProfile'), `${path}.seccompProfile`),
    ...appArmorCauses(child(context, 'appArmorProfile'), `${path}.appArmorProfile`),
    ...oneOf(context, 'supplementalGroupsPolicy', ['Merge', 'Strict'], path),
    ...oneOf(context, 'seLinuxChangePolicy', ['MountOption', 'Recursive'], path),
  ]
}

/** Every container of a pod with its path: VisitContainersWithPath. */
export const eachContainer = (spec: View, path: string): readonly (readonly [container: View, path: string])[] =>
  ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) =>
    list(spec, key).map((container, i) => [container, `${path}.${key}[${i}]`] as const),
  )

const podOnly: readonly (readonly [key: string, path: string])[] = [
  ['appArmorProfile', 'securityContext.appArmorProfile'],
  ['seLinuxOptions', 'securityContext.seLinuxOptions'],
  ['hostUsers', 'hostUsers'],
  ['hostPID', 'hostPID'],
  ['hostIPC', 'hostIPC'],
  ['seccompProfile', 'securityContext.seccompProfile'],
  ['fsGroup', 'securityContext.fsGroup'],
  ['fsGroupChangePolicy', 'securityContext.fsGroupChangePolicy'],
  ['sysctls', 'securityContext.sysctls'],
  ['shareProcessNamespace', 'shareProcessNamespace'],
  ['runAsUser', 'securityContext.runAsUser'],
  ['runAsGroup', 'securityContext.runAsGroup'],
  ['supplementalGroups', 'securityContext.supplementalGroups'],
  ['supplementalGroupsPolicy', 'securityContext.supplementalGroupsPolicy'],
  ['seLinuxChangePolicy', 'securityContext.seLinuxChangePolicy'],
]
const containerOnly = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
]

const notForWindows = 'cannot be set for a windows pod'
const notForLinux = 'windows options cannot be set for a linux pod'

/** validateOS, validateLinux, validateWindows */
export const osCauses = (spec: View, path: string): Cause[] => {
  const os = child(spec, 'os')
  if (os === undefined) return []
  const name = text(os, 'name')
  const context = struct(spec, 'securityContext')
  switch (name) {
    case '':
      return [required(`${path}.os.name`)]
    case 'linux': {
      const causes =
        context['windowsOptions'] === undefined
          ? []
          : [forbidden(`${path}.securityContext.windowsOptions`, notForLinux)]
      for (const [container, at] of eachContainer(spec, path)) {
        if (child(child(container, 'securityContext'), 'windowsOptions') !== undefined) {
          causes.push(forbidden(`${at}.securityContext.windowsOptions`, notForLinux))
        }
      }
      return causes
    }
    case 'windows': {
      const causes: Cause[] = []
      for (const [key, at] of podOnly) {
        const value = at.includes('.') ? context[key] : spec[key]
        if (value !== undefined) causes.push(forbidden(`${path}.${at}`, notForWindows))
      }
      for (const [container, at] of eachContainer(spec, path)) {
        const own = child(container, 'securityContext')
        for (const key of containerOnly) {
          if (own?.[key] !== undefined) causes.push(forbidden(`${at}.securityContext.${key}`, notForWindows))
        }
      }
      return causes
    }
    default:
      return [notSupported(`${path}.os`, name, ['linux', 'windows'])]
  }
}
