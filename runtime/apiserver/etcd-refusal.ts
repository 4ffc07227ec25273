import { failure, type Refusal } from './status.ts'

/** What a client hears when etcd does not answer: grpc's error as it stands, without a reason. */
export const etcdRefusal = (error: string): Refusal => failure(500, error)
