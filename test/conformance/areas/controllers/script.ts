import type { ApiRequest, Credentials, PatchType } from '../../../../api/protocol/request.ts'
import type { Resource } from '../../../../api/protocol/resource.ts'
import { timestamp } from '../../../../runtime/client/timestamp.ts'
import { millisecond, second, type Micros } from '../../../../runtime/kernel/micros.ts'
import type { Step } from './recorded-case.ts'
import type { Stage } from './stage.ts'
import type { Bindings } from './symbols.ts'

const admin: Credentials = { kind: 'certificate', commonName: 'admin', organizations: ['system:masters'] }

const mapText = (value: unknown, map: (text: string) => unknown): unknown => {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item) => mapText(item, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [mapText(key, map), mapText(item, map)]))
}

/** What the recording's symbols stand for in this run. */
export interface Tokens {
  /** `step`: the one about to be sent; `owner`: the node whose CIDR is meant. */
  resolve(value: unknown, step: number, owner: string): unknown
  /** `{uid:Pod/x}` of a uid seen. */
  readonly uids: Map<string, string>
  /** Addresses with what the recording calls them. */
  readonly addresses: Map<string, string>
}

export const createTokens = (bindings: Bindings, epoch: Micros): Tokens => {
  const uids = new Map<string, string>()
  const addresses = new Map<string, string>()
  const cidrs = new Map<string, string>()
  const addressOf = (token: string): string | undefined => [...addresses].find(([, one]) => one === token)?.[0]
  const podAddress = (pod: string): string => {
    const token = `{ip:${pod}}`
    const address = addressOf(token) ?? `10.1.${Math.floor(addresses.size / 200)}.${(addresses.size % 200) + 1}`
    addresses.set(address, token)
    return address
  }
  return {
    uids,
    addresses,
    resolve: (value, step, owner) =>
      mapText(value, (text) => {
        if (/^T[+-]\d+$/.test(text)) return timestamp(epoch + Number(text.slice(1)) * millisecond)
        const whole = /^\{uid:([A-Za-z]+)\/(.+)\}$/.exec(text)
        if (whole !== null) {
          const wanted = `${whole[1]!}/${bindings.real(whole[2]!, step)}`
          for (const [uid, token] of [...uids].reverse()) if (token === wanted) return uid
        }
        if (text === '{podCIDR}') {
          if (!cidrs.has(owner)) cidrs.set(owner, `10.244.${cidrs.size}.0/24`)
          return cidrs.get(owner)!
        }
        return text
          .replace(/\{ip:([^{}]*(?:\{\d+\})?)\}/g, (_token, pod: string) => podAddress(bindings.real(pod, step)))
          .replace(/\{clusterIP:[^{}]*\}/g, (token) => addressOf(token) ?? token)
          .replace(/[a-z0-9.-]+-\{\d+\}/g, (symbol) => bindings.real(symbol, step))
      }),
  }
}

interface Binding {
  readonly target: object
}

/** Performs one step of the script. */
export const playStep = (stage: Stage, tokens: Tokens, bindings: Bindings, [step, index]: [Step, number]): void => {
  const { kernel, heartbeats } = stage
  if (step.do === 'stopHeartbeat') heartbeats.silence(step.name ?? '')
  else if (step.do === 'startHeartbeat') heartbeats.beat(step.name ?? '', kernel.now, 2 * second)
  else if (step.do === 'setMetrics') stage.usage.set(step.name ?? '', step.body)
  if (step.res === undefined) return
  const resource = resourceOf(stage, step.res)
  const name = step.name === undefined ? undefined : bindings.real(step.name, index)
  const given = tokens.resolve(step.body, index, step.name ?? '')
  // The pod that stands for an anonymous one of a DaemonSet may be made for another node.
  const node = step.sub === 'binding' && name !== undefined ? bindings.pinned(name) : undefined
  const body =
    node === undefined ? given : { ...(given as object), target: { ...(given as Binding).target, name: node } }
  const nameless = step.do === 'create' && step.sub === undefined
  const request: ApiRequest = {
    verb: step.do as ApiRequest['verb'],
    resource,
    credentials: admin,
    userAgent: step.by,
    ...(step.sub === undefined ? {} : { subresource: step.sub }),
    ...(resource.namespaced ? { namespace: step.ns ?? 'ns' } : {}),
    ...(name === undefined || nameless ? {} : { name }),
    ...(body === undefined ? {} : { body }),
    ...(step.type === undefined ? {} : { patchType: step.type as PatchType }),
  }
  stage.send(request, index)
}

const resourceOf = (stage: Stage, plural: string): Resource => {
  const found = stage.scheme.resources.find(
    (one) => one.plural === plural && one.group !== 'events.k8s.io' && one.group !== 'extensions',
  )
  if (found === undefined) throw new Error(`no resource ${plural}`)
  return found
}
