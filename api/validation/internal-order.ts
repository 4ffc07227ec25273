// Internal structs that differ from the versioned ones (pkg/apis/core/types.go): other fields, and another order.

const podSpec = 'io.k8s.api.core.v1.PodSpec'
const podSecurityContext = 'io.k8s.api.core.v1.PodSecurityContext'

/** Fields of a pod that the internal struct keeps in its security context. */
const hostFields = ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers']

const orders: Readonly<Record<string, readonly string[]>> = {
  [podSpec]: [
    ...['volumes', 'initContainers', 'containers', 'ephemeralContainers', 'restartPolicy'],
    ...['terminationGracePeriodSeconds', 'activeDeadlineSeconds', 'dnsPolicy', 'nodeSelector', 'serviceAccountName'],
    ...['automountServiceAccountToken', 'nodeName', 'securityContext', 'imagePullSecrets', 'hostname', 'subdomain'],
    ...[
      'setHostnameAsFQDN',
      'affinity',
      'schedulerName',
      'tolerations',
      'hostAliases',
      'priorityClassName',
      'priority',
    ],
    ...['preemptionPolicy', 'dnsConfig', 'readinessGates', 'runtimeClassName', 'overhead', 'enableServiceLinks'],
    ...['topologySpreadConstraints', 'os', 'schedulingGates', 'resourceClaims', 'resources', 'hostnameOverride'],
    'schedulingGroup',
  ],
  [podSecurityContext]: [
    ...['seLinuxOptions', 'windowsOptions', 'runAsUser', 'runAsGroup', 'runAsNonRoot', 'supplementalGroups'],
    ...['supplementalGroupsPolicy', 'fsGroup', 'fsGroupChangePolicy', 'sysctls', 'seccompProfile', 'appArmorProfile'],
    'seLinuxChangePolicy',
  ],
}

/** JSON names of the fields of an internal struct, in its order; undefined: those of the versioned one. */
export const internalOrder = (type: string): readonly string[] | undefined => orders[type]

/** Fields that one of a struct's fields takes over from it: the host's namespaces go into a pod's security context. */
export const movedInto = (type: string, field: string): readonly string[] =>
  type === podSpec && field === 'securityContext' ? hostFields : []
