/** Data of a `request` entry. From it the hops `apiserver:authenticate … etcd:put` are derived when somebody reads them. */
export interface RequestNote {
  readonly verb: string
  readonly resource: string
  readonly subresource: string | undefined
  readonly user: string
  /** Component that asked: the first part of its user agent. */
  readonly agent: string
  readonly code: number
  readonly reason: string | undefined
  readonly message: string | undefined
  /** How far it came. */
  readonly reached: 'authentication' | 'authorization' | 'admission' | 'storage'
  /** When it left the client. */
  readonly sentAt: number
}
