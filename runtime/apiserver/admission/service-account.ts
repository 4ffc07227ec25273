import type { KubeObject } from '../../../api/object.ts'
import type { Container, Pod, PodSpec, ServiceAccount, Volume } from '../../../api/types/core-v1.generated.ts'
import { randomText } from '../generate-name.ts'
import type { ServerContext } from '../server-context.ts'
import type { Refusal } from '../status.ts'
import { forbid, isPod } from './forbid.ts'
import type { AdmissionPlugin, Attributes } from './plugin.ts'

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'
const volumePrefix = 'kube-api-access-'
const mirrorAnnotation = 'kubernetes.io/config.mirror'
const enforceAnnotation = 'kubernetes.io/enforce-mountable-secrets'

/** TokenVolumeSource; 3607 s is WarnOnlyBoundTokenExpirationSeconds. Frozen: every pod shares it. */
const projected = Object.freeze({
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] },
    },
  ],
  defaultMode: 420,
})

const automounts = (account: ServiceAccount, pod: Pod): boolean =>
  pod.spec?.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true

/** mountServiceAccountToken */
const mountToken = (context: ServerContext, spec: PodSpec): PodSpec => {
  const existing = spec.volumes?.find((volume) => volume.name.startsWith(volumePrefix))
  const name = existing?.name ?? volumePrefix + randomText(context.kernel, 5)
  let needed = false
  const mounted = (containers: readonly Container[]): readonly Container[] =>
    containers.map((container) => {
      if (container.volumeMounts?.some((mount) => mount.mountPath === mountPath) === true) return container
      needed = true
      return { ...container, volumeMounts: [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath }] }
    })
  const initContainers = spec.initContainers === undefined ? undefined : mounted(spec.initContainers)
  // null where the client gave none: validation complains about it later.
  const containers =
    (spec.containers as readonly Container[] | null) === null ? spec.containers : mounted(spec.containers)
  if (!needed) return spec
  const volume = { name, projected } as Volume
  return {
    ...spec,
    ...(initContainers === undefined ? {} : { initContainers }),
    containers,
    ...(existing === undefined ? { volumes: [...(spec.volumes ?? []), volume] } : {}),
  }
}

/** A service account may allow only the secrets that it lists (limitSecretReferences). */
const refusedSecret = (account: ServiceAccount, spec: PodSpec): string | undefined => {
  const name = account.metadata.name
  const mountable = new Set((account.secrets ?? []).map((one) => one.name))
  for (const { secret } of spec.volumes ?? []) {
    if (secret !== undefined && !mountable.has(secret.secretName)) {
      return `volume with secret.secretName="${secret.secretName}" is not allowed because service account ${name} does not reference that secret`
    }
  }
  const groups = [
    ['init container', spec.initContainers ?? []],
    ['container', (spec.containers as readonly Container[] | null) ?? []],
  ] as const
  for (const [what, containers] of groups) {
    for (const container of containers) {
      for (const env of container.env ?? []) {
        const ref = env.valueFrom?.secretKeyRef
        if (ref !== undefined && !mountable.has(ref.name)) {
          return `${what} ${container.name} with envVar ${env.name} referencing secret.secretName="${ref.name}" is not allowed because service account ${name} does not reference that secret`
        }
      }
      for (const { secretRef } of container.envFrom ?? []) {
        if (secretRef !== undefined && !mountable.has(secretRef.name)) {
          return `${what} ${container.name} with envFrom referencing secret.secretName="${secretRef.name}" is not allowed because service account ${name} does not reference that secret`
        }
      }
    }
  }
  const pulling = new Set((account.imagePullSecrets ?? []).map((one) => one.name))
  for (const [index, ref] of (spec.imagePullSecrets ?? []).entries()) {
    if (!pulling.has(ref.name)) {
      return `imagePullSecrets[${index}].name="${ref.name ?? ''}" is not allowed because service account ${name} does not reference that imagePullSecret`
    }
  }
  return undefined
}

const validateMirror = (attributes: Attributes, pod: Pod): Refusal | undefined => {
  const { spec } = pod
  if (spec?.serviceAccountName !== undefined && spec.serviceAccountName !== '') {
    return forbid(attributes, pod, 'a mirror pod may not reference service accounts')
  }
  if ((spec?.volumes ?? []).some((volume) => volume.secret !== undefined)) {
    return forbid(attributes, pod, 'a mirror pod may not reference secrets')
  }
  if (
    (spec?.volumes ?? []).some((volume) =>
      volume.projected?.sources?.some((source) => source.serviceAccountToken !== undefined),
    )
  ) {
    return forbid(attributes, pod, 'a mirror pod may not use ServiceAccountToken volume projections')
  }
  return undefined
}

/** plugin/pkg/admission/serviceaccount */
export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  handles: (operation, resource, subresource) => operation === 'CREATE' && isPod(resource, subresource),
  mutate(context, attributes, object): KubeObject | Refusal {
    const pod = object as Pod
    if (pod.metadata.annotations?.[mirrorAnnotation] !== undefined) return validateMirror(attributes, pod) ?? pod
    let spec = pod.spec
    const given = spec.serviceAccountName ?? ''
    const name = given === '' ? 'default' : given
    if (given === '') spec = { ...spec, serviceAccountName: name, serviceAccount: name }
    const namespace = attributes.namespace ?? ''
    const resource = context.scheme().byKind('v1/ServiceAccount')!
    const account = (context.lookup('v1/ServiceAccount', namespace, name) ??
      context.etcd.get(resource, `${namespace}/${name}`)?.value) as ServiceAccount | undefined
    if (account === undefined) {
      return forbid(
        attributes,
        object,
        `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`,
      )
    }
    if (automounts(account, pod)) spec = mountToken(context, spec)
    if ((spec.imagePullSecrets ?? []).length === 0 && (account.imagePullSecrets ?? []).length > 0) {
      spec = { ...spec, imagePullSecrets: account.imagePullSecrets! }
    }
    if (account.metadata.annotations?.[enforceAnnotation] === 'true') {
      const refused = refusedSecret(account, spec)
      if (refused !== undefined) return forbid(attributes, object, refused)
    }
    return spec === pod.spec ? pod : ({ ...pod, spec } as Pod)
  },
}
