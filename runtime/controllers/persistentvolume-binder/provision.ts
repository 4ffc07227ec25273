import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { PersistentVolumeClaim } from '../../../api/types/core-v1.generated.ts'
import type { StorageClass } from '../../../api/types/storage-v1.generated.ts'
import type { Io } from '../../reconcile/controller.ts'
import { betaStorageProvisioner, classOf, storageProvisioner } from './names.ts'
import { saveClaim, withAnnotations } from './writes.ts'

/** csi-translation-lib: in-tree provisioners that are served by a CSI driver. */
const migrated: Readonly<Record<string, string>> = {
  'kubernetes.io/aws-ebs': 'ebs.csi.aws.com',
  'kubernetes.io/azure-disk': 'disk.csi.azure.com',
  'kubernetes.io/azure-file': 'file.csi.azure.com',
  'kubernetes.io/cinder': 'cinder.csi.openstack.org',
  'kubernetes.io/gce-pd': 'pd.csi.storage.gke.io',
  'kubernetes.io/portworx-volume': 'pxd.portworx.com',
  'kubernetes.io/vsphere-volume': 'csi.vsphere.vmware.com',
}

/** provisionClaim: no volume plugin provisions here; what a class names is asked for by annotation and waited for. */
export function* provision(io: Io, claim: PersistentVolumeClaim): Generator<ApiRequest, void, unknown> {
  const name = classOf(claim)
  const storageClass = io.read.get('storage.k8s.io/v1/StorageClass', name) as StorageClass | undefined
  const failed = (message: string): void => io.event(claim, 'Warning', 'ProvisioningFailed', message)
  if (storageClass === undefined) {
    failed(`storageclass.storage.k8s.io "${name}" not found`)
    return
  }
  const own = storageClass.provisioner
  const provisioner = migrated[own] ?? own
  if (provisioner.startsWith('kubernetes.io/')) {
    failed(`no volume plugin matched name: ${own}`)
    return
  }
  if (claim.metadata.annotations?.[storageProvisioner] !== provisioner) {
    yield* saveClaim(
      io,
      withAnnotations(claim, { [betaStorageProvisioner]: provisioner, [storageProvisioner]: provisioner }),
    )
  }
  io.event(
    claim,
    'Normal',
    'ExternalProvisioning',
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
  )
}
