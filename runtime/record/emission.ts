/** Data of an `emission` entry: a Kubernetes Event as its source emitted it, before correlation. Subject: the object it regards. */
export interface Emission {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  readonly source: string
}
