import type { KubeObject } from '../../../api/object.ts'
import type { OwnerReference } from '../../../api/types/meta-v1.generated.ts'

export const orphanFinalizer = 'orphan'
export const foregroundFinalizer = 'foregroundDeletion'

export interface Identity {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

/** An object in the dependency graph (pkg/controller/garbagecollector/graph.go). */
export interface Node {
  identity: Identity
  readonly dependents: Map<string, Node>
  owners: readonly OwnerReference[]
  /** Known only from an owner reference. */
  virtual: boolean
  beingDeleted: boolean
  deletingDependents: boolean
}

/** What a change of the graph asks for. */
export interface Wanted {
  readonly remove: Set<string>
  readonly orphan: Set<string>
  readonly invalid: { readonly dependent: Node; readonly owner: OwnerReference }[]
}

export const has = (object: KubeObject, finalizer: string): boolean =>
  object.metadata.finalizers?.includes(finalizer) === true
const isGoing = (object: KubeObject): boolean => object.metadata.deletionTimestamp !== undefined

const identityOf = (object: KubeObject): Identity => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  namespace: object.metadata.namespace ?? '',
  name: object.metadata.name ?? '',
  uid: object.metadata.uid ?? '',
})

export const identityKey = (one: Identity): string =>
  `${one.apiVersion} ${one.kind} ${one.namespace}/${one.name} ${one.uid}`

const coordinates = (owner: OwnerReference, namespace: string): Identity => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  namespace,
  name: owner.name,
  uid: owner.uid,
})

const matches = (owner: OwnerReference, identity: Identity): boolean =>
  owner.uid === identity.uid &&
  owner.name === identity.name &&
  owner.kind === identity.kind &&
  owner.apiVersion === identity.apiVersion

/** partitionDependents: those whose reference to the owner agrees with where it really is. */
const partition = (dependents: Iterable<Node>, owner: Identity): { matching: Node[]; other: Node[] } => {
  const matching: Node[] = []
  const other: Node[] = []
  for (const dependent of dependents) {
    const agrees =
      (owner.namespace === '' || dependent.identity.namespace === owner.namespace) &&
      dependent.owners.some((one) => matches(one, owner))
    ;(agrees ? matching : other).push(dependent)
  }
  return { matching, other }
}

/** deletionStartsWithFinalizer */
const starts = (before: KubeObject | undefined, object: KubeObject, finalizer: string): boolean => {
  if (!isGoing(object) || !has(object, finalizer)) return false
  return before === undefined || !isGoing(before) || !has(before, finalizer)
}

const blocks = (owner: OwnerReference): boolean => owner.blockOwnerDeletion === true

/** graph.go blockingDependents */
export const blockingDependents = (node: Node): readonly Node[] =>
  [...node.dependents.values()].filter((one) =>
    one.owners.some((owner) => owner.uid === node.identity.uid && blocks(owner)),
  )

export interface Graph {
  get(uid: string): Node | undefined
  /** An object was added or has changed. */
  upsert(object: KubeObject, before: KubeObject | undefined): Wanted
  deleted(object: KubeObject): Wanted
  /** A live look has found nothing where the node ought to be. */
  absent(identity: Identity): Wanted
  isKnownAbsent(identity: Identity): boolean
  noteAbsent(identity: Identity): void
}

/** garbagecollector.go: the absent owner cache holds 500. */
const absentOwners = 500

/** graph_builder.go: who owns whom, kept at each event. Differs: dependents stand in the order of their arrival, not of a Go map. */
export const createGraph = (): Graph => {
  const nodes = new Map<string, Node>()
  const absent = new Set<string>()

  const noteAbsent = (identity: Identity): void => {
    const key = identityKey(identity)
    absent.delete(key)
    absent.add(key)
    if (absent.size > absentOwners) absent.delete([...absent][0]!)
  }

  const addToOwners = (node: Node, owners: readonly OwnerReference[], wanted: Wanted): void => {
    let doubtful = false
    for (const owner of owners) {
      const known = nodes.get(owner.uid)
      if (known === undefined) {
        const virtual: Node = {
          identity: coordinates(owner, node.identity.namespace),
          dependents: new Map([[node.identity.uid, node]]),
          owners: [],
          virtual: true,
          beingDeleted: false,
          deletingDependents: false,
        }
        nodes.set(owner.uid, virtual)
        wanted.remove.add(owner.uid)
        continue
      }
      known.dependents.set(node.identity.uid, node)
      if (doubtful) continue
      const { namespace } = known.identity
      if (namespace !== '' && namespace !== node.identity.namespace) {
        if (!known.virtual) wanted.invalid.push({ dependent: node, owner })
        doubtful = true
      } else if (!matches(owner, known.identity)) doubtful = true
      else if (namespace === '' && namespace !== node.identity.namespace && known.virtual) doubtful = true
    }
    if (doubtful) wanted.remove.add(node.identity.uid)
  }

  const observe = (node: Node, object: KubeObject, wanted: Wanted): void => {
    const identity = identityOf(object)
    if (identityKey(identity) !== identityKey(node.identity)) {
      for (const dependent of partition(node.dependents.values(), identity).other) {
        const owner = dependent.owners.find((one) => one.uid === identity.uid)
        if (identity.namespace !== '' && dependent.identity.namespace !== identity.namespace && owner !== undefined) {
          wanted.invalid.push({ dependent, owner })
        }
        wanted.remove.add(dependent.identity.uid)
      }
      node.identity = identity
    }
    node.virtual = false
  }

  const transitions = (node: Node, object: KubeObject, before: KubeObject | undefined, wanted: Wanted): void => {
    if (starts(before, object, orphanFinalizer)) wanted.orphan.add(node.identity.uid)
    else if (starts(before, object, foregroundFinalizer)) {
      node.deletingDependents = true
      for (const uid of node.dependents.keys()) wanted.remove.add(uid)
      wanted.remove.add(node.identity.uid)
    }
  }

  const newWanted = (): Wanted => ({ remove: new Set(), orphan: new Set(), invalid: [] })

  const drop = (node: Node, wanted: Wanted): void => {
    nodes.delete(node.identity.uid)
    for (const owner of node.owners) {
      const known = nodes.get(owner.uid)
      known?.dependents.delete(node.identity.uid)
    }
    if (node.dependents.size > 0) noteAbsent(node.identity)
    for (const uid of node.dependents.keys()) wanted.remove.add(uid)
    for (const owner of node.owners) if (nodes.get(owner.uid)?.deletingDependents === true) wanted.remove.add(owner.uid)
  }

  return {
    get: (uid) => nodes.get(uid),
    isKnownAbsent: (identity) => absent.has(identityKey(identity)),
    noteAbsent,
    upsert(object, before) {
      const wanted = newWanted()
      const uid = object.metadata.uid ?? ''
      const owners = object.metadata.ownerReferences ?? []
      const known = nodes.get(uid)
      if (known === undefined) {
        const going = isGoing(object)
        const node: Node = {
          identity: identityOf(object),
          dependents: new Map(),
          owners,
          virtual: false,
          beingDeleted: going,
          deletingDependents: going && has(object, foregroundFinalizer),
        }
        nodes.set(uid, node)
        addToOwners(node, owners, wanted)
        transitions(node, object, before, wanted)
        return wanted
      }
      if (known.virtual) observe(known, object, wanted)
      if (known.owners !== owners) {
        const former = new Map(known.owners.map((owner) => [owner.uid, owner]))
        const present = new Map(owners.map((owner) => [owner.uid, owner]))
        for (const [owner, reference] of former) {
          const now = present.get(owner)
          // An owner that waits for this dependent may go on: addUnblockedOwnersToDeleteQueue.
          if (blocks(reference) && (now === undefined || !blocks(now)) && nodes.has(owner)) wanted.remove.add(owner)
          if (now === undefined) nodes.get(owner)?.dependents.delete(uid)
        }
        known.owners = owners
        const added = owners.filter((owner) => !former.has(owner.uid))
        if (added.length > 0) addToOwners(known, added, wanted)
      }
      if (isGoing(object)) known.beingDeleted = true
      transitions(known, object, before, wanted)
      return wanted
    },
    deleted(object) {
      const wanted = newWanted()
      const node = nodes.get(object.metadata.uid ?? '')
      if (node !== undefined) drop(node, wanted)
      return wanted
    },
    absent(identity) {
      const wanted = newWanted()
      const node = nodes.get(identity.uid)
      if (node === undefined) return wanted
      if (!node.virtual && identityKey(node.identity) === identityKey(identity)) {
        drop(node, wanted)
        return wanted
      }
      const { matching, other } = partition(node.dependents.values(), identity)
      if (node.virtual && other.length === 0) {
        drop(node, wanted)
        return wanted
      }
      if (matching.length > 0) {
        noteAbsent(identity)
        for (const dependent of matching) wanted.remove.add(dependent.identity.uid)
      }
      if (node.virtual && identityKey(node.identity) === identityKey(identity)) {
        // getAlternateOwnerIdentity: the next place at which some dependent looks for it.
        const places = other
          .flatMap((one) =>
            one.owners
              .filter((owner) => owner.uid === identity.uid)
              .map((owner) => coordinates(owner, one.identity.namespace)),
          )
          .sort((a, b) => (identityKey(a) < identityKey(b) ? -1 : 1))
        const next = places.find((one) => identityKey(one) > identityKey(identity)) ?? places[0]
        if (next !== undefined && identityKey(next) !== identityKey(identity)) {
          node.identity = next
          wanted.remove.add(identity.uid)
        }
      }
      return wanted
    },
  }
}
