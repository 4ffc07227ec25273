import type { Node } from '../../../api/types/core-v1.generated.ts'

/** An image somewhere in the cluster: its size as the first node told it, and who has it. */
export interface ImageState {
  readonly size: number
  readonly nodes: Set<string>
}

/** Mirrors addNodeImageStates and removeNodeImageStates of pkg/scheduler/backend/cache/cache.go. */
export interface ImageIndex {
  /** Whether any node has any image. */
  readonly any: boolean
  add(node: Node): ReadonlyMap<string, ImageState>
  remove(node: Node): void
}

export const noImages: ReadonlyMap<string, ImageState> = new Map()

export const createImageIndex = (): ImageIndex => {
  const states = new Map<string, ImageState>()
  return {
    get any() {
      return states.size > 0
    },
    add(node) {
      if (node.status?.images === undefined || node.status.images.length === 0) return noImages
      const here = new Map<string, ImageState>()
      for (const image of node.status.images) {
        for (const name of image.names ?? []) {
          let state = states.get(name)
          if (state === undefined) {
            state = { size: image.sizeBytes ?? 0, nodes: new Set() }
            states.set(name, state)
          }
          state.nodes.add(node.metadata.name)
          if (!here.has(name)) here.set(name, state)
        }
      }
      return here
    },
    remove(node) {
      for (const image of node.status?.images ?? []) {
        for (const name of image.names ?? []) {
          const state = states.get(name)
          state?.nodes.delete(node.metadata.name)
          if (state?.nodes.size === 0) states.delete(name)
        }
      }
    },
  }
}
