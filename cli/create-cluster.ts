import { createUserPrograms } from '../integrations/controller/programs.ts'
import type { CreateCluster } from '../runtime/cluster/cluster.ts'
import { createCluster as createPlainCluster } from '../runtime/cluster/create-cluster.ts'

const programs = createUserPrograms()

/** A cluster whose controllers under test are modules of the project. */
export const createCluster: CreateCluster = (spec, behaviors, options) =>
  createPlainCluster(spec, behaviors, { programs, ...options })
