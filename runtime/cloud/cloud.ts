import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Node } from '../../api/types/core-v1.generated.ts'
import type { Micros } from '../kernel/micros.ts'

/** A call to the cloud: time passes, and it succeeds or says why not. */
export type CloudCall<A> = Generator<ApiRequest, CloudAnswer<A>, unknown>
export type CloudAnswer<A> = { readonly ok: true; readonly value: A } | { readonly ok: false; readonly message: string }

/** The provider behind cloud-controller-manager and the cluster autoscaler (k8s.io/cloud-provider cloud.go, cluster-autoscaler's cloudprovider). */
export interface Cloud {
  /** The instance that a node runs on; undefined: there is none. */
  instance(node: Node): Instance | undefined
  readonly balancers: LoadBalancers
  readonly routes: Routes
  /** Groups that can be resized, in the order of their pools. */
  groups(): readonly NodeGroup[]
}

export interface Instance {
  readonly providerId: string
  readonly type: string
  readonly zone: string | undefined
  readonly addresses: readonly { readonly type: string; readonly address: string }[]
  /** It is there, but not on. */
  readonly shutDown: boolean
}

export interface LoadBalancers {
  /** Address of the balancer of that name. */
  get(name: string): string | undefined
  /** The nodes behind the balancer of that address. */
  hostsAt(address: string): readonly string[] | undefined
  /** Makes it, or brings its hosts up to date: its address. */
  ensure(name: string, hosts: readonly string[]): CloudCall<string>
  update(name: string, hosts: readonly string[]): CloudCall<undefined>
  ensureDeleted(name: string): CloudCall<undefined>
}

export interface Route {
  readonly name: string
  readonly node: string
  readonly cidr: string
}

export interface Routes {
  list(): readonly Route[]
  create(route: Route): void
  delete(name: string): void
}

export interface NodeGroup {
  readonly id: string
  readonly min: number
  readonly max: number
  /** Instances that were asked for and not given up, whether they are on yet or not. */
  targetSize(): number
  /** Its instances, by the names that their nodes have or will have. */
  instances(): readonly string[]
  /** What a node of it looks like. */
  template(zone: number): Node
  /** undefined, or why the cloud gives none. */
  increaseSize(by: number): string | undefined
  deleteInstances(names: readonly string[]): void
}

/** The machines behind the cloud. */
export interface Machines {
  names(pool: string): readonly string[]
  zone(name: string): string | undefined
  pool(name: string): string | undefined
  address(name: string): string | undefined
  powered(name: string): boolean
  add(pool: string): void
  remove(name: string): void
}

/** How long a call to the cloud's API takes that only asks or resizes. */
export const cloudLatency: Micros = 100_000
