import { define, type Overload } from '../overloads.ts'
import { fail, opaque, type Opaque, type Value } from '../values.ts'

/** What `authorizer` asks. */
export interface CelQuestion {
  /** undefined: who sent the request */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string }
  readonly path?: string
  readonly group?: string
  readonly resource?: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  readonly verb: string
  readonly fieldSelector?: string
  readonly labelSelector?: string
}

export interface CelDecision {
  readonly allowed: boolean
  readonly reason: string
  readonly error?: string
}

export type CelAuthorizer = (question: CelQuestion) => CelDecision

interface Asked {
  readonly ask: CelAuthorizer
  readonly so: Partial<CelQuestion>
}

const name = (short: string): string => `kubernetes.authorization.${short}`
const wrap = (short: string, asked: Asked): Opaque => opaque(name(short), asked, '')
const held = (value: Value | undefined): Asked => (value as Opaque).value as Asked
const more = (short: string, value: Value | undefined, part: Partial<CelQuestion>): Opaque => {
  const asked = held(value)
  return wrap(short, { ask: asked.ask, so: { ...asked.so, ...part } })
}
const decide = ([value, verb]: readonly Value[]): Value => {
  const { ask, so } = held(value)
  return opaque(name('Decision'), ask({ ...so, verb: verb as string }), '')
}
const decision = (value: Value | undefined): CelDecision => (value as Opaque).value as CelDecision

/** The `authorizer` variable. */
export const authorizerValue = (ask: CelAuthorizer): Opaque => wrap('Authorizer', { ask, so: {} })

/** `authorizer.requestResource`: the resource of the request itself. */
export const requestResourceValue = (ask: CelAuthorizer, so: Partial<CelQuestion>): Opaque =>
  wrap('ResourceCheck', { ask, so })

const label = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/
const subdomain = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/

/** k8s.io/apiserver/pkg/cel/library/authz.go */
export const authorization: readonly Overload[] = [
  define('.path', 'Authorizer, string -> PathCheck', ([a, path]) =>
    path === '' ? fail('path must not be empty') : more('PathCheck', a, { path: path as string }),
  ),
  define('.group', 'Authorizer, string -> GroupCheck', ([a, group]) =>
    more('GroupCheck', a, { group: group as string }),
  ),
  define('.serviceAccount', 'Authorizer, string, string -> Authorizer', ([a, namespace, account]) => {
    if (!subdomain.test(account as string)) return fail('Invalid service account name')
    if (!label.test(namespace as string)) return fail('Invalid service account namespace')
    return more('Authorizer', a, { serviceAccount: { namespace: namespace as string, name: account as string } })
  }),
  define('.resource', 'GroupCheck, string -> ResourceCheck', ([a, resource]) =>
    resource === '' ? fail('resource must not be empty') : more('ResourceCheck', a, { resource: resource as string }),
  ),
  define('.subresource', 'ResourceCheck, string -> ResourceCheck', ([a, subresource]) =>
    more('ResourceCheck', a, { subresource: subresource as string }),
  ),
  define('.namespace', 'ResourceCheck, string -> ResourceCheck', ([a, namespace]) =>
    more('ResourceCheck', a, { namespace: namespace as string }),
  ),
  define('.name', 'ResourceCheck, string -> ResourceCheck', ([a, one]) =>
    more('ResourceCheck', a, { name: one as string }),
  ),
  define('.fieldSelector', 'ResourceCheck, string -> ResourceCheck', ([a, selector]) =>
    more('ResourceCheck', a, { fieldSelector: selector as string }),
  ),
  define('.labelSelector', 'ResourceCheck, string -> ResourceCheck', ([a, selector]) =>
    more('ResourceCheck', a, { labelSelector: selector as string }),
  ),
  define('.check', 'PathCheck, string -> Decision', decide),
  define('.check', 'ResourceCheck, string -> Decision', decide),
  define('.allowed', 'Decision -> bool', ([a]) => decision(a).allowed),
  define('.reason', 'Decision -> string', ([a]) => decision(a).reason),
  define('.errored', 'Decision -> bool', ([a]) => decision(a).error !== undefined),
  define('.error', 'Decision -> string', ([a]) => decision(a).error ?? ''),
]
