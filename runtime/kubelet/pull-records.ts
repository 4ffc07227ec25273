import type { Machine, PullRecord } from '../node/machine.ts'
import type { PullCredentials } from './docker-keyring.ts'

/** Whose credentials the images on the disk were pulled with: pkg/kubelet/images/pullmanager, with its default policy. */
export interface PullRecords {
  /** MustAttemptImagePull: the image is there, but these credentials have not been seen to open it. */
  mustPull(imageId: string, credentials: () => readonly PullCredentials[]): boolean
  /** RecordImagePulled; undefined: without credentials. `present`: it had been there before. */
  pulled(imageId: string, present: boolean, by: PullCredentials | undefined): void
}

export const createPullRecords = ({ disk }: Machine): PullRecords => ({
  mustPull(imageId, credentials) {
    const record = disk.pullRecords.get(imageId)
    // NeverVerifyPreloadedImages: what no kubelet has pulled is everybody's.
    if (record === undefined || record.everybody) return false
    return !credentials().some((one) => record.by.some((known) => same(known, one)))
  },
  pulled(imageId, present, by) {
    const before = present ? disk.pullRecords.get(imageId) : undefined
    if (before?.everybody === true) return
    const known = before?.by ?? []
    disk.pullRecords.set(
      imageId,
      by === undefined
        ? { everybody: true, by: [] }
        : { everybody: false, by: known.some((one) => same(one, by)) ? known : [...known, by] },
    )
  },
})

/** The same secret, or the same user and password in another. */
const same = (a: PullRecord['by'][number], b: PullCredentials): boolean =>
  (a.username === b.username && a.password === b.password) ||
  (a.secret.uid === b.secret.uid && a.secret.namespace === b.secret.namespace && a.secret.name === b.secret.name)
