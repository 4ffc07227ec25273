import type { Defaulters } from './defaulter.ts'
import { fillNil, fillZero, replace, type Fields } from './fill.ts'
import { imageTag } from './image-tag.ts'

const core = 'io.k8s.api.core.v1.'

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const container = (value: Fields): Fields => {
  const tag = value['imagePullPolicy'] === undefined ? imageTag(textOf(value['image'])) : ''
  return fillZero(value, {
    imagePullPolicy: tag === 'latest' ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  })
}

/** The deprecated field mirrors serviceAccountName (Convert_v1_PodSpec_To_core_PodSpec and back). */
export const mirrorServiceAccount = (spec: Fields): Fields => {
  const name = spec['serviceAccountName'] ?? spec['serviceAccount']
  if (spec['serviceAccountName'] === name && spec['serviceAccount'] === name) return spec
  return replace(spec, { serviceAccountName: name, serviceAccount: name })
}

const volumeWithSource = (value: Fields): Fields => {
  const named = Object.keys(value).some((key) => key !== 'name')
  if (!named) return replace(value, { emptyDir: {} })
  const image = value['image'] as Fields | undefined
  if (image === undefined || image['pullPolicy'] !== undefined) return value
  const tag = imageTag(textOf(image['reference']))
  return replace(value, { image: replace(image, { pullPolicy: tag === 'latest' ? 'Always' : 'IfNotPresent' }) })
}

const defaultMode = (value: Fields): Fields => fillNil(value, { defaultMode: 420 })

/** pkg/apis/core/v1/defaults.go, what lies below a pod's spec. */
export const podSpecDefaulters: Defaulters = {
  [`${core}PodSpec`]: (value) =>
    fillZero(fillNil(mirrorServiceAccount(value), { securityContext: {}, terminationGracePeriodSeconds: 30 }), {
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
    }),
  [`${core}Container`]: container,
  [`${core}EphemeralContainer`]: container,
  [`${core}Probe`]: (value) =>
    fillZero(value, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
  [`${core}HTTPGetAction`]: (value) => fillZero(value, { path: '/', scheme: 'HTTP' }),
  [`${core}GRPCAction`]: (value) => fillNil(value, { service: '' }),
  [`${core}ObjectFieldSelector`]: (value) => fillZero(value, { apiVersion: 'v1' }),
  [`${core}FileKeySelector`]: (value) => fillNil(value, { optional: false }),
  [`${core}Volume`]: volumeWithSource,
  [`${core}HostPathVolumeSource`]: (value) => fillNil(value, { type: '' }),
  [`${core}SecretVolumeSource`]: defaultMode,
  [`${core}ConfigMapVolumeSource`]: defaultMode,
  [`${core}DownwardAPIVolumeSource`]: defaultMode,
  [`${core}ProjectedVolumeSource`]: defaultMode,
  [`${core}ServiceAccountTokenProjection`]: (value) => fillNil(value, { expirationSeconds: 3600 }),
  [`${core}AzureDiskVolumeSource`]: (value) => fillNil(value, { readOnly: false }),
}
