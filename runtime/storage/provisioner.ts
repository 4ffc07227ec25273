import type { KubeObject } from '../../api/object.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Node, PersistentVolume, PersistentVolumeClaim } from '../../api/types/core-v1.generated.ts'
import type { CSINode } from '../../api/types/storage-v1.generated.ts'
import type { StorageClassSpec } from '../../dsl/plan/cluster-spec.ts'
import { keyOf } from '../client/object-key.ts'
import { minute, second, type Micros } from '../kernel/micros.ts'
import { done, type Controller, type Io, type Result } from '../reconcile/controller.ts'
import { endingOnRefusal, must } from '../reconcile/refused.ts'
import { newVolume, provisionedBy, selectedNode, volumeFinalizer, volumeName, zoneFor } from './new-volume.ts'
import { csiNodeDriver, csiNodeObject, driverOf } from './storage-objects.ts'

type Steps<R> = Generator<ApiRequest, R, unknown>

const claimKind = 'v1/PersistentVolumeClaim'
const volumeKind = 'v1/PersistentVolume'
const nodeKind = 'v1/Node'
const csiNodeKind = 'storage.k8s.io/v1/CSINode'
const volumePrefix = 'volume:'
const nodePrefix = 'node:'
const asked = ['volume.kubernetes.io/storage-provisioner', 'volume.beta.kubernetes.io/storage-provisioner']

/** `--retry-interval-start`, `--retry-interval-max` */
const firstRetry: Micros = second
const lastRetry: Micros = 5 * minute

interface Attempt {
  /** When the volume that is being made is there; undefined: none is. */
  ready: Micros | undefined
  failures: number
}
type Attempts = Map<string, Attempt>

/** ProvisionController.shouldProvision */
const isAsked = (claim: PersistentVolumeClaim, spec: StorageClassSpec): boolean => {
  const { annotations, deletionTimestamp } = claim.metadata
  if ((claim.spec?.volumeName ?? '') !== '' || deletionTimestamp !== undefined) return false
  if (!asked.some((name) => annotations?.[name] === driverOf(spec))) return false
  return spec.bind === 'immediate' || annotations?.[selectedNode] !== undefined
}

function* provision(io: Io, claim: PersistentVolumeClaim, spec: StorageClassSpec): Steps<Result> {
  const attempts = io.memory as Attempts
  const key = keyOf(claim)
  if (!isAsked(claim, spec)) {
    attempts.delete(key)
    return done
  }
  const attempt = attempts.get(key) ?? { ready: undefined, failures: 0 }
  attempts.set(key, attempt)
  if (attempt.ready === undefined) {
    const message = `External provisioner is provisioning volume for claim "${key}"`
    io.event(claim, 'Normal', 'Provisioning', message)
    attempt.ready = io.now() + spec.provision
  }
  if (attempt.ready > io.now()) return { requeueAfter: attempt.ready - io.now() }
  attempt.ready = undefined

  const again = (error: string): Result => {
    const text = `failed to provision volume with StorageClass "${spec.name}": ${error}`
    io.event(claim, 'Warning', 'ProvisioningFailed', text)
    let wait = firstRetry
    for (let index = 0; index < attempt.failures && wait < lastRetry; index += 1) wait *= 2
    attempt.failures += 1
    return { requeueAfter: Math.min(wait, lastRetry) }
  }
  const parts = 1_000_000
  if (spec.fails > 0 && io.choose('fails', parts) < Math.round(spec.fails * parts))
    return again('rpc error: code = Internal desc = the storage failed to create the volume')
  const zone = spec.zonal ? zoneFor(claim, io.read.list(nodeKind) as readonly Node[]) : undefined
  if (spec.zonal && zone === undefined)
    return again('error generating accessibility requirements: no available topology found')
  const answer = yield* io.write.create(newVolume(claim, spec, zone))
  if (!answer.ok && answer.reason !== 'AlreadyExists') {
    attempt.ready = io.now()
    return { retry: answer.message }
  }
  attempts.delete(key)
  io.event(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volumeName(claim)}`)
  return done
}

/** ProvisionController.shouldDelete, deleteVolumeOperation: the volume of a claim that is gone goes as well. */
function* reclaim(io: Io, volume: PersistentVolume, spec: StorageClassSpec): Steps<Result> {
  if (volume.metadata.annotations?.[provisionedBy] !== driverOf(spec)) return done
  if (volume.status?.phase !== 'Released' || volume.spec?.persistentVolumeReclaimPolicy !== 'Delete') return done
  if (volume.metadata.finalizers?.includes(volumeFinalizer) !== true) return done
  if (volume.metadata.deletionTimestamp === undefined) {
    const answer = yield* io.write.delete(volume)
    if (!answer.ok && answer.code !== 404) must(answer)
  }
  const now = yield* io.live.get(volumeKind, volume.metadata.name ?? '')
  if (!now.ok) return now.code === 404 ? done : must(now)
  const { finalizers = [] } = now.object.metadata
  const left = finalizers.filter((one) => one !== volumeFinalizer)
  if (left.length < finalizers.length)
    must(yield* io.write.update({ ...now.object, metadata: { ...now.object.metadata, finalizers: left } }))
  return done
}

/** A node that has come later gets the driver as well. Differs: its kubelet would register it. */
function* register(io: Io, node: Node, spec: StorageClassSpec): Steps<Result> {
  const { name = '', uid = '' } = node.metadata
  const hasDriver = (one: KubeObject | undefined): boolean =>
    (one as CSINode | undefined)?.spec?.drivers.some((driver) => driver.name === driverOf(spec)) === true
  if (hasDriver(io.read.get(csiNodeKind, name))) return done
  const own = csiNodeDriver(spec, name)
  const known = yield* io.live.get(csiNodeKind, name)
  if (!known.ok) {
    if (known.code !== 404) must(known)
    must(yield* io.write.create(csiNodeObject({ name, uid }, [own]) as never))
    return done
  }
  if (hasDriver(known.object)) return done
  const { drivers = [] } = (known.object as CSINode).spec ?? {}
  must(yield* io.write.update({ ...known.object, spec: { drivers: [...drivers, own] } } as unknown as KubeObject))
  return done
}

/**
 * The external-provisioner of a storage class (kubernetes-csi, on sig-storage-lib-external-provisioner), and its driver's registrar:
 * makes a volume for each claim that kube-controller-manager has annotated with the driver's name, and deletes released ones.
 */
export const storageProvisioner = (spec: StorageClassSpec): Controller => ({
  name: `storageclass/${spec.name}`,
  eventSource: driverOf(spec),
  reconciles: claimKind,
  reads: [csiNodeKind],
  workers: 100,
  memory: (): Attempts => new Map(),
  watches: {
    [volumeKind]: (object) => [volumePrefix + (object.metadata.name ?? '')],
    [nodeKind]: (object, _io, before) => (before === undefined ? [nodePrefix + (object.metadata.name ?? '')] : []),
  },
  *reconcile(key, io): Steps<Result> {
    if (key.startsWith(volumePrefix)) {
      const volume = io.read.get(volumeKind, key.slice(volumePrefix.length)) as PersistentVolume | undefined
      return volume === undefined ? done : yield* endingOnRefusal(reclaim(io, volume, spec))
    }
    if (key.startsWith(nodePrefix)) {
      const node = io.read.get(nodeKind, key.slice(nodePrefix.length)) as Node | undefined
      return node === undefined ? done : yield* endingOnRefusal(register(io, node, spec))
    }
    const claim = io.read.get(key) as PersistentVolumeClaim | undefined
    if (claim !== undefined) return yield* provision(io, claim, spec)
    ;(io.memory as Attempts).delete(key)
    return done
  },
})
