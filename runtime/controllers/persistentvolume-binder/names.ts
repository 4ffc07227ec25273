// component-helpers storage/volume/pv_helpers.go

export const bindCompleted = 'pv.kubernetes.io/bind-completed'
export const boundByController = 'pv.kubernetes.io/bound-by-controller'
export const dynamicallyProvisioned = 'pv.kubernetes.io/provisioned-by'
export const selectedNode = 'volume.kubernetes.io/selected-node'
export const migratedTo = 'pv.kubernetes.io/migrated-to'
export const storageProvisioner = 'volume.kubernetes.io/storage-provisioner'
export const betaStorageProvisioner = 'volume.beta.kubernetes.io/storage-provisioner'
export const defaultClass = 'storageclass.kubernetes.io/is-default-class'
const betaClass = 'volume.beta.kubernetes.io/storage-class'

interface Classed {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> }
  readonly spec?: { readonly storageClassName?: string }
}

/** GetPersistentVolumeClaimClass, GetPersistentVolumeClass */
export const classOf = ({ metadata, spec }: Classed): string =>
  metadata.annotations?.[betaClass] ?? spec?.storageClassName ?? ''

/** PersistentVolumeClaimHasClass: said at all, be it empty. */
export const hasClass = ({ metadata, spec }: Classed): boolean =>
  metadata.annotations?.[betaClass] !== undefined || spec?.storageClassName !== undefined

export const annotated = (object: Classed, name: string): boolean => object.metadata.annotations?.[name] !== undefined
