import { deepFreeze } from '../../../api/json/deep-freeze.ts'
import { makeAlike } from '../../../api/json/model.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { Container, Pod, PodSpec, ServiceAccount, Volume } from '../../../api/types/core-v1.generated.ts'
import { randomText } from '../generate-name.ts'
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

const existingVolume = (spec: PodSpec): string | undefined =>
  spec.volumes?.find((volume) => volume.name.startsWith(volumePrefix))?.name

/** mountServiceAccountToken */
const mountToken = (spec: PodSpec, name: string): PodSpec => {
  const existing = existingVolume(spec)
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

/** What became of a spec that pods share: all of it is the same for the next pod but the name of the volume. */
interface Shared {
  readonly account: ServiceAccount
  readonly spec: PodSpec
  /** The name that was drawn; undefined: none is. */
  readonly volume: string | undefined
}

const shared = new WeakMap<PodSpec, Shared>()

const mountsOf = (spec: PodSpec): readonly { readonly name: string }[] =>
  [...(spec.containers ?? []), ...(spec.initContainers ?? [])].flatMap((container) => container.volumeMounts ?? [])

const renamed = (containers: readonly Container[], from: string, to: string): readonly Container[] =>
  containers.map((container) => {
    const mounts = container.volumeMounts
    const at = mounts?.findIndex((mount) => mount.name === from) ?? -1
    if (at < 0) return container
    return { ...container, volumeMounts: mounts!.map((mount, i) => (i === at ? { ...mount, name: to } : mount)) }
  })

/** The spec with its own volume. */
const withVolume = (spec: PodSpec, from: string, to: string): PodSpec => {
  const own = deepFreeze({
    ...spec,
    ...(spec.initContainers === undefined ? {} : { initContainers: renamed(spec.initContainers, from, to) }),
    containers: renamed(spec.containers, from, to),
    volumes: spec.volumes!.map((volume) => (volume.name === from ? { ...volume, name: to } : volume)),
  })
  makeAlike(own, spec)
  return own
}

const specFor = (spec: PodSpec, account: ServiceAccount, volume: string | undefined): PodSpec => {
  const name = account.metadata.name
  let out = spec
  if ((spec.serviceAccountName ?? '') === '') out = { ...out, serviceAccountName: name, serviceAccount: name }
  if (volume !== undefined) out = mountToken(out, volume)
  if ((out.imagePullSecrets ?? []).length === 0 && (account.imagePullSecrets ?? []).length > 0) {
    out = { ...out, imagePullSecrets: account.imagePullSecrets! }
  }
  return out
}

/** plugin/pkg/admission/serviceaccount */
export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  handles: (operation, resource, subresource) => operation === 'CREATE' && isPod(resource, subresource),
  mutate(context, attributes, object): KubeObject | Refusal {
    const pod = object as Pod
    if (pod.metadata.annotations?.[mirrorAnnotation] !== undefined) return validateMirror(attributes, pod) ?? pod
    const given = pod.spec.serviceAccountName ?? ''
    const name = given === '' ? 'default' : given
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
    const existing = automounts(account, pod) ? existingVolume(pod.spec) : undefined
    const drawn =
      automounts(account, pod) && existing === undefined ? volumePrefix + randomText(context.kernel, 5) : undefined
    const enforced = account.metadata.annotations?.[enforceAnnotation] === 'true'
    const known = shared.get(pod.spec)
    if (known?.account === account) {
      const { spec, volume } = known
      if (volume !== undefined && volume !== drawn) {
        const finish = (one: KubeObject): KubeObject => {
          const whole = one as Pod
          return { ...whole, spec: withVolume(whole.spec, volume, drawn!) } as Pod
        }
        if (attributes.deferred === undefined) return finish({ ...pod, spec } as Pod)
        attributes.deferred.finish = finish
      }
      return spec === pod.spec ? pod : ({ ...pod, spec } as Pod)
    }
    const spec = specFor(pod.spec, account, existing ?? drawn)
    if (enforced) {
      const refused = refusedSecret(account, spec)
      if (refused !== undefined) return forbid(attributes, object, refused)
    } else if (Object.isFrozen(pod.spec) && !mountsOf(pod.spec).some((mount) => mount.name.startsWith(volumePrefix))) {
      const volume = drawn !== undefined && spec.volumes !== pod.spec.volumes ? drawn : undefined
      shared.set(pod.spec, { account, spec: deepFreeze(spec), volume })
    }
    return spec === pod.spec ? pod : ({ ...pod, spec } as Pod)
  },
}
