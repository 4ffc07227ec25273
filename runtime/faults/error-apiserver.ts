import { objectSubject, resourceName } from '../../api/object-key.ts'
import type { Fault } from './fault.ts'
import { refusalOf } from './refusal-of.ts'
import { requestPattern } from './request-pattern.ts'

const odds = 1_000_000

/** `error apiserver/* 503 on "POST pods" with probability 10%`: such requests are refused before anything looks at them. */
export const errorApiserver: Fault = {
  name: 'error apiserver',
  perRequest: true,
  vain: 'no such request came',
  refuses({ on }) {
    const pattern = requestPattern(on ?? '*')
    return typeof pattern === 'string' ? pattern : undefined
  },
  inject({ cluster, targets, args = [], on, probability = 1 }) {
    const { kernel, timeline } = cluster
    const code = Number(args[0])
    const pattern = requestPattern(on ?? '*')
    const refusal = refusalOf(code)
    let met = false
    return {
      struck: () => met,
      heal: cluster.dials.interference.disturbRequests(targets, {
        delay: () => 0,
        refuse(request) {
          if (typeof pattern === 'string' || !pattern(request)) return undefined
          met = true
          if (probability < 1 && kernel.choose('faults/error', odds) >= probability * odds) return undefined
          const { resource, namespace, name } = request
          const subject = name === undefined ? resourceName(resource) : objectSubject(resource, namespace, name)
          const data = Object.freeze({ fault: 'error', targets, from: [], verb: request.verb, code })
          kernel.cause = timeline.append('fault', kernel.actor('faults', 'script'), `refuse ${code}`, subject, data)
          return refusal
        },
      }),
    }
  },
}
