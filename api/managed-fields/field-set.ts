import { compareElements, type PathElement } from './path-element.ts'

/** One step of a set: whether the path to here is in it, and what is below. */
export interface FieldNode {
  readonly member: boolean
  readonly children: FieldSet
}

/** A set of field paths. Immutable; never holds a node without member and without children. */
export type FieldSet = ReadonlyMap<PathElement, FieldNode>

export const noFields: FieldSet = new Map()

const put = (set: Map<PathElement, FieldNode>, element: PathElement, node: FieldNode): void => {
  if (node.member || node.children.size > 0) set.set(element, node)
}

export const union = (a: FieldSet, b: FieldSet): FieldSet => {
  if (a === b || b.size === 0) return a
  if (a.size === 0) return b
  const out = new Map(a)
  for (const [element, node] of b) {
    const own = a.get(element)
    out.set(
      element,
      own === undefined ? node : { member: own.member || node.member, children: union(own.children, node.children) },
    )
  }
  return out
}

export const intersection = (a: FieldSet, b: FieldSet): FieldSet => {
  if (a === b) return a
  const out = new Map<PathElement, FieldNode>()
  for (const [element, node] of a) {
    const other = b.get(element)
    if (other === undefined) continue
    put(out, element, {
      member: node.member && other.member,
      children: intersection(node.children, other.children),
    })
  }
  return out
}

/** Set.Difference: a path in `b` takes only itself away, not what is below it. */
export const difference = (a: FieldSet, b: FieldSet): FieldSet => {
  if (b.size === 0 || a.size === 0) return a
  const out = new Map<PathElement, FieldNode>()
  for (const [element, node] of a) {
    const other = b.get(element)
    if (other === undefined) out.set(element, node)
    else {
      put(out, element, {
        member: node.member && !other.member,
        children: difference(node.children, other.children),
      })
    }
  }
  return out
}

/** Set.RecursiveDifference: a path in `b` takes all that is below it away, too. */
export const recursiveDifference = (a: FieldSet, b: FieldSet): FieldSet => {
  if (b.size === 0 || a.size === 0) return a
  const out = new Map<PathElement, FieldNode>()
  for (const [element, node] of a) {
    const other = b.get(element)
    if (other === undefined) out.set(element, node)
    else if (!other.member) {
      put(out, element, { member: node.member, children: recursiveDifference(node.children, other.children) })
    }
  }
  return out
}

/** Set.Iterate: the members of a level in order, then what is below each. */
export const eachPath = (
  set: FieldSet,
  visit: (path: readonly PathElement[]) => void,
  prefix: readonly PathElement[] = [],
): void => {
  const elements = [...set.keys()].sort(compareElements)
  for (const element of elements) if (set.get(element)?.member === true) visit([...prefix, element])
  for (const element of elements) eachPath(set.get(element)?.children ?? noFields, visit, [...prefix, element])
}

export const hasPath = (set: FieldSet, path: readonly PathElement[]): boolean => {
  let current: FieldSet | undefined = set
  for (let i = 0; i < path.length - 1; i += 1) current = current?.get(path[i] ?? '')?.children
  return current?.get(path[path.length - 1] ?? '')?.member === true
}

/** A set that is being filled. */
export interface FieldSetBuilder {
  insert(path: readonly PathElement[]): void
  /** Puts a finished node where nothing is yet. */
  graft(path: readonly PathElement[], node: FieldNode): void
  build(): FieldSet
  /** What was built, with whether the empty path is in it. */
  node(): FieldNode
}

interface MutableNode {
  member: boolean
  readonly children: Map<PathElement, MutableNode>
}

const descend = (root: MutableNode, path: readonly PathElement[], length: number): MutableNode => {
  let node = root
  for (let i = 0; i < length; i += 1) {
    const element = path[i] ?? ''
    let next = node.children.get(element)
    if (next === undefined) {
      next = { member: false, children: new Map() }
      node.children.set(element, next)
    }
    node = next
  }
  return node
}

export const fieldSetBuilder = (): FieldSetBuilder => {
  const root: MutableNode = { member: false, children: new Map() }
  return {
    insert: (path) => {
      descend(root, path, path.length).member = true
    },
    graft: (path, node) => {
      const last = path.length - 1
      // A grafted node is shared: nothing is ever inserted at or below it.
      descend(root, path, last).children.set(path[last] ?? '', node as MutableNode)
    },
    node: () => root,
    build: () => root.children,
  }
}

export const fieldSetOf = (paths: readonly (readonly PathElement[])[]): FieldSet => {
  const builder = fieldSetBuilder()
  for (const path of paths) builder.insert(path)
  return builder.build()
}
