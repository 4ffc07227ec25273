import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { ConfigMap, Secret } from '../../../api/types/core-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import { second } from '../../kernel/micros.ts'
import { done, type Controller, type Io, type Result } from '../../reconcile/controller.ts'

// pkg/controller/serviceaccount/tokens_controller.go

const secretKind = 'v1/Secret'
const accountKind = 'v1/ServiceAccount'
const tokenType = 'kubernetes.io/service-account-token'
const nameAnnotation = 'kubernetes.io/service-account.name'
const uidAnnotation = 'kubernetes.io/service-account.uid'

const base64Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Base64 of the UTF-8 bytes of a text without characters beyond ASCII, as names and certificates are. */
export const base64 = (text: string): string => {
  let out = ''
  for (let at = 0; at < text.length; at += 3) {
    const [a, b, c] = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)] as [
      number,
      number,
      number,
    ]
    const word = (a << 16) | ((Number.isNaN(b) ? 0 : b) << 8) | (Number.isNaN(c) ? 0 : c)
    out += base64Letters[word >> 18]! + base64Letters[(word >> 12) & 63]!
    out += Number.isNaN(b) ? '=' : base64Letters[(word >> 6) & 63]!
    out += Number.isNaN(c) ? '=' : base64Letters[word & 63]!
  }
  return out
}

const accountOf = (secret: Secret): string => secret.metadata.annotations?.[nameAnnotation] ?? ''
const isToken = (object: KubeObject): boolean => {
  const secret = object as Secret
  return secret.type === tokenType && accountOf(secret) !== ''
}

function* remove(io: Io, secret: Secret): Generator<ApiRequest, Result, unknown> {
  const answer = yield* io.write.delete(secret, { preconditions: { uid: secret.metadata.uid ?? '' } })
  return answer.ok || answer.code === 404 || answer.code === 409 ? done : { retry: answer.message }
}

/** generateTokenIfNeeded, on a live copy that must be the cached one. */
function* fill(io: Io, cached: Secret, account: KubeObject): Generator<ApiRequest, Result, unknown> {
  const { namespace = '' } = cached.metadata
  const root = io.read.get('v1/ConfigMap', `${namespace}/kube-root-ca.crt`) as ConfigMap | undefined
  const certificate = base64(root?.data?.['ca.crt'] ?? '')
  const complete = ({ data }: Secret): boolean =>
    data?.['ca.crt'] === certificate && (data['namespace'] ?? '') !== '' && (data['token'] ?? '') !== ''
  if (complete(cached)) return done
  const answer = yield* io.live.get(secretKind, keyOf(cached))
  if (!answer.ok) return answer.code === 404 ? done : { retry: answer.message }
  const live = answer.object as Secret
  if (live.metadata.resourceVersion !== cached.metadata.resourceVersion || complete(live)) return done
  const claims = `${namespace}/${accountOf(live)}/${live.metadata.name ?? ''}/${account.metadata.uid ?? ''}`
  const data = {
    'ca.crt': certificate,
    namespace: base64(namespace),
    ...live.data,
    token: live.data?.['token'] ?? base64(`simulated:${claims}`),
  }
  const annotations = {
    ...live.metadata.annotations,
    [nameAnnotation]: account.metadata.name ?? '',
    [uidAnnotation]: account.metadata.uid ?? '',
  }
  const saved = yield* io.write.update({ ...live, metadata: { ...live.metadata, annotations }, data } as KubeObject)
  return saved.ok || saved.code === 404 || saved.code === 409 ? done : { retry: saved.message }
}

/**
 * kube-controller-manager's serviceaccount-token-controller: Secrets that ask for an account's token. It writes with the manager's
 * own identity. Differs: the token is no signed JWT, and the certificate is that of the namespace's ConfigMap.
 */
export const serviceAccountTokenController = (workers = 5): Controller => ({
  name: 'serviceaccount-token-controller',
  account: 'kube-controller-manager',
  reconciles: secretKind,
  reads: ['v1/ConfigMap'],
  workers,
  maxRetries: 10,
  backoff: { base: second / 100, max: 1000 * second },
  watches: {
    [secretKind]: (object) => (isToken(object) ? [keyOf(object)] : []),
    [accountKind]: (object, io) => {
      if (io.read.get(accountKind, keyOf(object)) !== undefined) return []
      const { namespace = '', name } = object.metadata
      const secrets = io.read.list(secretKind, { namespace }) as readonly Secret[]
      return secrets.filter((one) => isToken(one) && accountOf(one) === name).map(keyOf)
    },
  },
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const secret = io.read.get(key) as Secret | undefined
    if (secret === undefined || !isToken(secret)) return done
    const { namespace = '', annotations } = secret.metadata
    const uid = annotations?.[uidAnnotation] ?? ''
    const accountKey = `${namespace}/${accountOf(secret)}`
    const fits = (account: KubeObject | undefined): boolean =>
      account !== undefined && (uid === '' || uid === account.metadata.uid)
    const cached = io.read.get(accountKind, accountKey)
    if (fits(cached)) return yield* fill(io, secret, cached!)
    const live = yield* io.live.get(accountKind, accountKey)
    if (!live.ok && live.code !== 404) return { retry: live.message }
    if (live.ok && fits(live.object)) return yield* fill(io, secret, live.object)
    return yield* remove(io, secret)
  },
})
