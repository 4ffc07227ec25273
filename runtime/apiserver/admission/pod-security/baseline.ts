import { goQuote } from '../../../../api/names/go-quote.ts'
import type { LifecycleHandler, Probe, SELinuxOptions } from '../../../../api/types/core-v1.generated.ts'
import {
  containersOf,
  hasUserNamespace,
  named,
  plural,
  quoted,
  setters,
  sortedSet,
  type Check,
  type PodShape,
  type Violation,
} from './check.ts'

const capabilities = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
)
const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/'
const allowedAppArmor = (value: string): boolean =>
  value === '' || value === 'runtime/default' || value.startsWith('localhost/')

const appArmor = (pod: PodShape): Violation | undefined => {
  const bad = (type: string | undefined): boolean =>
    type !== undefined && type !== 'RuntimeDefault' && type !== 'Localhost'
  const own = pod.spec.securityContext?.appArmorProfile?.type
  const containers = containersOf(pod).filter((one) => bad(one.securityContext?.appArmorProfile?.type))
  const values = [
    ...sortedSet([...(bad(own) ? [own!] : []), ...containers.map((one) => one.securityContext!.appArmorProfile!.type)]),
  ]
  const annotations = Object.keys(pod.annotations)
    .filter((key) => key.startsWith(appArmorPrefix) && !allowedAppArmor(pod.annotations[key]!))
    .map((key) => `${key}=${goQuote(pod.annotations[key]!)}`)
    .sort()
  values.push(...annotations)
  const who = [
    setters(
      bad(own),
      containers.map((one) => one.name),
    ),
    ...(annotations.length === 0 ? [] : [plural(annotations.length, 'annotation')]),
  ].filter((one) => one !== '')
  if (who.length === 0) return undefined
  return {
    reason: plural(values.length, 'forbidden AppArmor profile'),
    detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`,
  }
}

const addedCapabilities = (pod: PodShape): Violation | undefined => {
  const added: string[] = []
  const bad = containersOf(pod).filter((one) => {
    const wrong = (one.securityContext?.capabilities?.add ?? []).filter((name) => !capabilities.has(name))
    added.push(...wrong)
    return wrong.length > 0
  })
  if (bad.length === 0) return undefined
  return {
    reason: 'non-default capabilities',
    detail: `${named(
      'container',
      bad.map((one) => one.name),
    )} must not include ${quoted(sortedSet(added))} in securityContext.capabilities.add`,
  }
}

const hostNamespaces = ({ spec }: PodShape): Violation | undefined => {
  const set = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((name) => spec[name] === true)
  return set.length === 0
    ? undefined
    : { reason: 'host namespaces', detail: set.map((name) => `${name}=true`).join(', ') }
}

const hostPaths = ({ spec }: PodShape): Violation | undefined => {
  const bad = (spec.volumes ?? []).filter((volume) => volume.hostPath !== undefined).map((volume) => volume.name)
  return bad.length === 0 ? undefined : { reason: 'hostPath volumes', detail: named('volume', bad) }
}

const hostPorts = (pod: PodShape): Violation | undefined => {
  const ports: string[] = []
  const bad = containersOf(pod).filter((one) => {
    const own = (one.ports ?? []).filter((port) => (port.hostPort ?? 0) !== 0).map((port) => String(port.hostPort))
    ports.push(...own)
    return own.length > 0
  })
  if (bad.length === 0) return undefined
  const list = sortedSet(ports)
  return {
    reason: 'hostPort',
    detail: `${named(
      'container',
      bad.map((one) => one.name),
    )} ${plural(bad.length, 'uses', 'use')} ${plural(list.length, 'hostPort')} ${list.join(', ')}`,
  }
}

const hostsOf = (one: Probe | LifecycleHandler | undefined): readonly string[] =>
  [one?.httpGet?.host, one?.tcpSocket?.host].filter((host) => host !== undefined && host !== '') as string[]

const hostProbes = (pod: PodShape): Violation | undefined => {
  const hosts: string[] = []
  const bad = containersOf(pod).filter((one) => {
    const own = [
      one.livenessProbe,
      one.readinessProbe,
      one.startupProbe,
      one.lifecycle?.postStart,
      one.lifecycle?.preStop,
    ].flatMap(hostsOf)
    hosts.push(...own)
    return own.length > 0
  })
  if (bad.length === 0) return undefined
  const [names, list] = [sortedSet(bad.map((one) => one.name)), sortedSet(hosts)]
  return {
    reason: 'probe or lifecycle host',
    detail: `${named('container', names)} ${plural(names.length, 'uses', 'use')} ${plural(list.length, 'probe or lifecycle host')} ${quoted(list)}`,
  }
}

const privileged = (pod: PodShape): Violation | undefined => {
  const bad = containersOf(pod).filter((one) => one.securityContext?.privileged === true)
  if (bad.length === 0) return undefined
  return {
    reason: 'privileged',
    detail: `${named(
      'container',
      bad.map((one) => one.name),
    )} must not set securityContext.privileged=true`,
  }
}

export const procMount = (pod: PodShape): Violation | undefined => {
  const bad = containersOf(pod).filter((one) => (one.securityContext?.procMount ?? 'Default') !== 'Default')
  if (bad.length === 0) return undefined
  const values = sortedSet(bad.map((one) => one.securityContext!.procMount!))
  return {
    reason: 'procMount',
    detail: `${named(
      'container',
      bad.map((one) => one.name),
    )} must not set securityContext.procMount to ${quoted(values)}`,
  }
}

const seLinux =
  (allowed: readonly string[]) =>
  (pod: PodShape): Violation | undefined => {
    const bad = (one: SELinuxOptions | undefined): boolean =>
      one !== undefined && (!allowed.includes(one.type ?? '') || (one.user ?? '') !== '' || (one.role ?? '') !== '')
    const own = pod.spec.securityContext?.seLinuxOptions
    const containers = containersOf(pod).filter((one) => bad(one.securityContext?.seLinuxOptions))
    const options = [...(bad(own) ? [own!] : []), ...containers.map((one) => one.securityContext!.seLinuxOptions!)]
    if (options.length === 0) return undefined
    const types = sortedSet(options.map((one) => one.type ?? '').filter((type) => !allowed.includes(type)))
    const data = [
      ...(types.length === 0 ? [] : [named('type', types)]),
      ...(options.some((one) => (one.user ?? '') !== '') ? ['user may not be set'] : []),
      ...(options.some((one) => (one.role ?? '') !== '') ? ['role may not be set'] : []),
    ]
    return {
      reason: 'seLinuxOptions',
      detail: `${setters(
        bad(own),
        containers.map((one) => one.name),
      )} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`,
    }
  }

export const badSeccomp = (type: string | undefined): boolean =>
  type !== undefined && type !== 'RuntimeDefault' && type !== 'Localhost'

/** Profiles that are set to what no policy allows. */
export const seccompSet = (pod: PodShape): Violation | undefined => {
  const own = pod.spec.securityContext?.seccompProfile?.type
  const containers = containersOf(pod).filter((one) => badSeccomp(one.securityContext?.seccompProfile?.type))
  if (!badSeccomp(own) && containers.length === 0) return undefined
  const values = sortedSet([
    ...(badSeccomp(own) ? [own!] : []),
    ...containers.map((one) => one.securityContext!.seccompProfile!.type),
  ])
  return {
    reason: 'seccompProfile',
    detail: `${setters(
      badSeccomp(own),
      containers.map((one) => one.name),
    )} must not set securityContext.seccompProfile.type to ${quoted(values)}`,
  }
}

const seccompAnnotations = (pod: PodShape): Violation | undefined => {
  const keys = [
    'seccomp.security.alpha.kubernetes.io/pod',
    ...containersOf(pod).map((one) => `container.seccomp.security.alpha.kubernetes.io/${one.name}`),
  ]
  const bad = sortedSet(
    keys
      .filter((key) => {
        const value = pod.annotations[key]
        return (
          value !== undefined &&
          value !== 'runtime/default' &&
          value !== 'docker/default' &&
          !value.startsWith('localhost/')
        )
      })
      .map((key) => `${key}=${goQuote(pod.annotations[key]!)}`),
  )
  return bad.length === 0
    ? undefined
    : { reason: 'seccompProfile', detail: `forbidden ${plural(bad.length, 'annotation')} ${bad.join(', ')}` }
}

const sysctls0 = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
]
const sysctls27 = [...sysctls0, 'net.ipv4.ip_local_reserved_ports']
const sysctls29 = [
  ...sysctls27,
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
]
const sysctls32 = [...sysctls29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']

const sysctls =
  (allowed: readonly string[]) =>
  ({ spec }: PodShape): Violation | undefined => {
    const bad = (spec.securityContext?.sysctls ?? []).map((one) => one.name).filter((name) => !allowed.includes(name))
    return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') }
  }

const hostProcess = (pod: PodShape): Violation | undefined => {
  const own = pod.spec.securityContext?.windowsOptions?.hostProcess === true
  const containers = containersOf(pod).filter((one) => one.securityContext?.windowsOptions?.hostProcess === true)
  if (!own && containers.length === 0) return undefined
  return {
    reason: 'hostProcess',
    detail: `${setters(
      own,
      containers.map((one) => one.name),
    )} must not set securityContext.windowsOptions.hostProcess=true`,
  }
}

const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t']

/** The baseline policy, by id (pod-security-admission/policy). */
export const baseline: readonly Check[] = [
  { id: 'appArmorProfile', level: 'baseline', versions: [[0, appArmor]] },
  { id: 'capabilities_baseline', level: 'baseline', versions: [[0, addedCapabilities]] },
  { id: 'hostNamespaces', level: 'baseline', versions: [[0, hostNamespaces]] },
  { id: 'hostPathVolumes', level: 'baseline', versions: [[0, hostPaths]] },
  { id: 'hostPorts', level: 'baseline', versions: [[0, hostPorts]] },
  { id: 'hostProbesAndHostLifecycle', level: 'baseline', versions: [[34, hostProbes]] },
  { id: 'privileged', level: 'baseline', versions: [[0, privileged]] },
  {
    id: 'procMount',
    level: 'baseline',
    versions: [
      [0, procMount],
      [35, (pod) => (hasUserNamespace(pod) ? undefined : procMount(pod))],
    ],
  },
  {
    id: 'seLinuxOptions',
    level: 'baseline',
    versions: [
      [0, seLinux(seLinuxTypes)],
      [31, seLinux([...seLinuxTypes, 'container_engine_t'])],
    ],
  },
  {
    id: 'seccompProfile_baseline',
    level: 'baseline',
    versions: [
      [0, seccompAnnotations],
      [19, seccompSet],
    ],
  },
  {
    id: 'sysctls',
    level: 'baseline',
    versions: [
      [0, sysctls(sysctls0)],
      [27, sysctls(sysctls27)],
      [29, sysctls(sysctls29)],
      [32, sysctls(sysctls32)],
    ],
  },
  { id: 'windowsHostProcess', level: 'baseline', versions: [[0, hostProcess]] },
]
