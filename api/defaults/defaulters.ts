import { appsDefaulters } from './apps.ts'
import { autoscalingDefaulters } from './autoscaling.ts'
import { batchDefaulters } from './batch.ts'
import { coreDefaulters } from './core.ts'
import { customResourceDefinitionDefaulters } from './custom-resource-definition.ts'
import type { Defaulters } from './defaulter.ts'
import { podDefaulters } from './pod.ts'
import { podSpecDefaulters } from './pod-spec.ts'
import { policyGroupDefaulters } from './policy-groups.ts'
import { serviceDefaulters } from './service.ts'
import { storageDefaulters } from './storage.ts'

/** The defaulting functions by type; applied to an object first, then to what lies below it. */
export const defaulters: Defaulters = {
  ...podSpecDefaulters,
  ...podDefaulters,
  ...serviceDefaulters,
  ...coreDefaulters,
  ...appsDefaulters,
  ...batchDefaulters,
  ...autoscalingDefaulters,
  ...policyGroupDefaulters,
  ...storageDefaulters,
  ...customResourceDefinitionDefaulters,
}
