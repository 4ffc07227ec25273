import { readShape } from '../config/decode-configuration.ts'
import { int64, list, map, raw, struct, text, type Shape } from '../config/go-shape.ts'
import type { Answer } from './extender.ts'
import type { ExtenderCall, ExtenderReply, ExtenderVerb } from './extender-host.ts'

const nodeNames = list(text, 'string')
const metaVictims = struct('MetaVictims', {
  Pods: list(struct('MetaPod', { UID: text }), '*v1.MetaPod'),
  NumPDBViolations: int64,
})
const shapes: Readonly<Record<ExtenderVerb, Shape>> = {
  filter: struct('ExtenderFilterResult', {
    Nodes: struct('NodeList', { items: list(raw, 'v1.Node') }),
    NodeNames: nodeNames,
    FailedNodes: map(text, 'v1.FailedNodesMap'),
    FailedAndUnresolvableNodes: map(text, 'v1.FailedNodesMap'),
    Error: text,
  }),
  prioritize: list(struct('HostPriority', { Host: text, Score: int64 }), 'v1.HostPriority'),
  preempt: struct('ExtenderPreemptionResult', {
    NodeNameToMetaVictims: map(metaVictims, 'map[string]*v1.MetaVictims'),
  }),
  bind: struct('ExtenderBindingResult', { Error: text }),
}

/** encoding/json takes a field by any spelling of its name; what it does not know it leaves out. */
const withFieldNames = (value: unknown, shape: Shape): unknown => {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value))
    return shape.kind === 'list' ? value.map((item) => withFieldNames(item, shape.of)) : (value as unknown)
  const entries = Object.entries(value)
  if (shape.kind === 'map')
    return Object.fromEntries(entries.map(([key, item]) => [key, withFieldNames(item, shape.of)]))
  if (shape.kind !== 'struct') return value
  const fields = shape.fields()
  return Object.fromEntries(
    entries.flatMap(([key, item]) => {
      const lower = key.toLowerCase()
      const name = Object.hasOwn(fields, key) ? key : Object.keys(fields).find((one) => one.toLowerCase() === lower)
      return name === undefined ? [] : [[name, withFieldNames(item, fields[name]!)]]
    }),
  )
}

/** HTTPExtender.send (pkg/scheduler/extender.go) from the connection's end on: the answer, or what the scheduler says of it. */
export const decodeReply = ({ url, verb }: ExtenderCall, path: string, reply: ExtenderReply): Answer<unknown> => {
  if (reply.kind === 'unreachable') return { ok: false, error: `Post "${url}": ${reply.why}` }
  if (reply.kind === 'silent')
    return {
      ok: false,
      error: `Post "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    }
  if (reply.code !== 200) return { ok: false, error: `failed ${path} with extender at URL ${url}, code ${reply.code}` }
  if (reply.body === undefined) return { ok: false, error: 'EOF' }
  const value = withFieldNames(reply.body, shapes[verb])
  const { mistake } = readShape(value, shapes[verb])
  return mistake === undefined ? { ok: true, value } : { ok: false, error: mistake }
}
