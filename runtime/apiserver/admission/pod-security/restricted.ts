import { procMount, seccompSet } from './baseline.ts'
import {
  containersOf,
  hasUserNamespace,
  isWindows,
  named,
  plural,
  quoted,
  setters,
  sortedSet,
  type Check,
  type PodShape,
  type Violation,
} from './check.ts'

type Run = (pod: PodShape) => Violation | undefined
const unlessWindows =
  (run: Run): Run =>
  (pod) =>
    isWindows(pod) ? undefined : run(pod)
const unlessUserNamespace =
  (run: Run): Run =>
  (pod) =>
    hasUserNamespace(pod) ? undefined : run(pod)

const privilegeEscalation: Run = (pod) => {
  const bad = containersOf(pod).filter((one) => one.securityContext?.allowPrivilegeEscalation !== false)
  if (bad.length === 0) return undefined
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${named(
      'container',
      bad.map((one) => one.name),
    )} must set securityContext.allowPrivilegeEscalation=false`,
  }
}

const droppedCapabilities: Run = (pod) => {
  const kept: string[] = []
  const adding: string[] = []
  const forbidden: string[] = []
  for (const { name, securityContext } of containersOf(pod)) {
    const capabilities = securityContext?.capabilities
    if (capabilities?.drop?.includes('ALL') !== true) kept.push(name)
    const wrong = (capabilities?.add ?? []).filter((one) => one !== 'NET_BIND_SERVICE')
    if (wrong.length > 0) adding.push(name)
    forbidden.push(...wrong)
  }
  const details = [
    ...(kept.length === 0 ? [] : [`${named('container', kept)} must set securityContext.capabilities.drop=["ALL"]`]),
    ...(adding.length === 0
      ? []
      : [
          `${named('container', adding)} must not include ${quoted(sortedSet(forbidden))} in securityContext.capabilities.add`,
        ]),
  ]
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') }
}

const allowedVolumes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]

const volumeTypes: Run = ({ spec }) => {
  const bad = (spec.volumes ?? []).filter((volume) => !allowedVolumes.some((type) => type in volume))
  if (bad.length === 0) return undefined
  const types = sortedSet(bad.map((volume) => Object.keys(volume).find((key) => key !== 'name') ?? 'unknown'))
  const names = bad.map((volume) => volume.name)
  return {
    reason: 'restricted volume types',
    detail: `${named('volume', names)} ${plural(names.length, 'uses', 'use')} ${plural(types.length, 'restricted volume type')} ${quoted(types)}`,
  }
}

const nonRoot: Run = (pod) => {
  const own = pod.spec.securityContext?.runAsNonRoot
  const containers = containersOf(pod)
  const against = containers.filter((one) => one.securityContext?.runAsNonRoot === false).map((one) => one.name)
  const reason = 'runAsNonRoot != true'
  if (own === false || against.length > 0)
    return { reason, detail: `${setters(own === false, against)} must not set securityContext.runAsNonRoot=false` }
  const silent =
    own === true
      ? []
      : containers.filter((one) => one.securityContext?.runAsNonRoot === undefined).map((one) => one.name)
  return silent.length === 0
    ? undefined
    : { reason, detail: `pod or ${named('container', silent)} must set securityContext.runAsNonRoot=true` }
}

const rootUser: Run = (pod) => {
  const own = pod.spec.securityContext?.runAsUser === 0
  const bad = containersOf(pod)
    .filter((one) => one.securityContext?.runAsUser === 0)
    .map((one) => one.name)
  return own || bad.length > 0
    ? { reason: 'runAsUser=0', detail: `${setters(own, bad)} must not set runAsUser=0` }
    : undefined
}

const seccomp: Run = (pod) => {
  const set = seccompSet(pod)
  if (set !== undefined || pod.spec.securityContext?.seccompProfile !== undefined) return set
  const silent = containersOf(pod)
    .filter((one) => one.securityContext?.seccompProfile === undefined)
    .map((one) => one.name)
  if (silent.length === 0) return undefined
  return {
    reason: 'seccompProfile',
    detail: `pod or ${named('container', silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  }
}

/** What the restricted policy adds to the baseline. */
export const restricted: readonly Check[] = [
  {
    id: 'allowPrivilegeEscalation',
    level: 'restricted',
    versions: [
      [8, privilegeEscalation],
      [25, unlessWindows(privilegeEscalation)],
    ],
  },
  {
    id: 'capabilities_restricted',
    level: 'restricted',
    versions: [
      [22, droppedCapabilities],
      [25, unlessWindows(droppedCapabilities)],
    ],
    overrides: ['capabilities_baseline'],
  },
  { id: 'procMount_restricted', level: 'restricted', versions: [[35, procMount]], overrides: ['procMount'] },
  { id: 'restrictedVolumes', level: 'restricted', versions: [[0, volumeTypes]], overrides: ['hostPathVolumes'] },
  {
    id: 'runAsNonRoot',
    level: 'restricted',
    versions: [
      [0, nonRoot],
      [35, unlessUserNamespace(nonRoot)],
    ],
  },
  {
    id: 'runAsUser',
    level: 'restricted',
    versions: [
      [23, rootUser],
      [35, unlessUserNamespace(rootUser)],
    ],
  },
  {
    id: 'seccompProfile_restricted',
    level: 'restricted',
    versions: [
      [19, seccomp],
      [25, unlessWindows(seccomp)],
    ],
    overrides: ['seccompProfile_baseline'],
  },
]
