import type { Resource } from '../../../api/protocol/resource.ts'
import { customResourceDefinitionStrategy } from './custom-resource-definition.ts'
import { namespaceStrategy } from './namespace.ts'
import { podStrategy } from './pod.ts'
import { serviceStrategy } from '../services/service-strategy.ts'
import { simpleStrategies } from './simple.ts'
import type { Strategy } from './strategy.ts'

const generic: Strategy = Object.freeze({ kind: '' })

const strategies: readonly Strategy[] = [
  podStrategy,
  namespaceStrategy,
  serviceStrategy,
  customResourceDefinitionStrategy,
  ...simpleStrategies,
]

const byKind = new Map(strategies.map((strategy) => [strategy.kind, strategy]))

export const strategyOf = (stored: Resource): Strategy => byKind.get(stored.id) ?? generic
