import type { Defaulters } from './defaulter.ts'
import { change, fillNil, fillZero, type Fields } from './fill.ts'

const resource = 'io.k8s.api.resource.v1.'

const deviceRequest = (value: Fields): Fields => {
  const out = fillZero(value, { allocationMode: 'ExactCount' })
  return out['allocationMode'] === 'ExactCount' ? fillZero(out, { count: 1 }) : out
}

const csiDriver: Fields = {
  attachRequired: true,
  podInfoOnMount: false,
  storageCapacity: false,
  fsGroupPolicy: 'ReadWriteOnceWithFSType',
  volumeLifecycleModes: ['Persistent'],
  requiresRepublish: false,
  seLinuxMount: false,
}

/** Defaults of storage and resource. */
export const storageDefaulters: Defaulters = {
  'io.k8s.api.storage.v1.StorageClass': (value) =>
    fillNil(value, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  'io.k8s.api.storage.v1.CSIDriver': (value) => change(value, 'spec', (spec) => fillNil(spec ?? {}, csiDriver)),
  [`${resource}ExactDeviceRequest`]: deviceRequest,
  [`${resource}DeviceSubRequest`]: deviceRequest,
}
