import type { Strategy } from './strategy.ts'

const none: Strategy = {}

/** By resource id. A kind that is not here has generic metadata checks only. */
const strategies: Readonly<Record<string, Strategy>> = {}

export const strategyOf = (resourceId: string): Strategy => strategies[resourceId] ?? none
