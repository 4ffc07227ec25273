import { child, list, number, strings, struct, text, type View } from '../../../api/validation/view.ts'
import { nameOf, objectAge, type Cell, type RowContext } from './cell-texts.ts'

const conditionOf = (object: View, type: string): View | undefined =>
  list(struct(object, 'status'), 'conditions').find((one) => text(one, 'type') === type)

const none = '<none>'

/** printFlowSchema */
export const flowSchemaCells = (object: View, context: RowContext): readonly Cell[] => {
  const spec = struct(object, 'spec')
  const method = child(spec, 'distinguisherMethod')
  const dangling = conditionOf(object, 'Dangling')
  return [
    nameOf(object),
    text(struct(spec, 'priorityLevelConfiguration'), 'name'),
    number(spec, 'matchingPrecedence'),
    method === undefined ? none : text(method, 'type'),
    objectAge(object, context),
    dangling === undefined ? '?' : text(dangling, 'status'),
  ]
}

/** printPriorityLevelConfiguration */
export const priorityLevelCells = (object: View, context: RowContext): readonly Cell[] => {
  const spec = struct(object, 'spec')
  const limited = child(spec, 'limited')
  const queuing = child(struct(struct(spec, 'limited'), 'limitResponse'), 'queuing')
  const queue = (key: string): Cell => (queuing === undefined ? none : number(queuing, key))
  return [
    nameOf(object),
    text(spec, 'type'),
    limited === undefined ? none : number(limited, 'nominalConcurrencyShares'),
    queue('queues'),
    queue('handSize'),
    queue('queueLengthLimit'),
    objectAge(object, context),
  ]
}

/** kube-aggregator registry/apiservice/etcd, ConvertToTable */
export const apiServiceCells = (object: View, context: RowContext): readonly Cell[] => {
  const service = child(struct(object, 'spec'), 'service')
  const available = conditionOf(object, 'Available')
  const reason = available === undefined ? '' : text(available, 'reason')
  const status = available === undefined ? 'Unknown' : text(available, 'status')
  return [
    nameOf(object),
    service === undefined ? 'Local' : `${text(service, 'namespace')}/${text(service, 'name')}`,
    status !== 'True' && available !== undefined && reason !== '' ? `${status} (${reason})` : status,
    objectAge(object, context),
  ]
}

/** printServiceCIDR */
export const serviceCidrCells = (object: View, context: RowContext): readonly Cell[] => [
  nameOf(object),
  strings(struct(object, 'spec'), 'cidrs').join(','),
  objectAge(object, context),
]

/** printIPAddress: its rows have an age, for which there is no column. */
export const ipAddressCells = (object: View, context: RowContext): readonly Cell[] => {
  const parent = child(struct(object, 'spec'), 'parentRef')
  const parts = (one: View): string => {
    const group = text(one, 'group')
    const resource = `${text(one, 'resource')}${group === '' ? '' : `.${group}`}`.toLowerCase()
    return [resource, text(one, 'namespace'), text(one, 'name')].filter((part) => part !== '').join('/')
  }
  return [nameOf(object), parent === undefined ? none : parts(parent), objectAge(object, context)]
}

/** FlowSchemaSequence: flow schemas are shown in the order in which they are tried. */
export const byPrecedence = (a: View, b: View): number => {
  const [first, second] = [a, b].map((one) => number(struct(one, 'spec'), 'matchingPrecedence')) as [number, number]
  if (first !== second) return first - second
  const [left, right] = [nameOf(a), nameOf(b)]
  return left < right ? -1 : left > right ? 1 : 0
}
