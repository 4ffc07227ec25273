import type { ImageReference } from '../../api/images/image-reference.ts'

/** Why a registry does not give an image. */
export interface PullRefusal {
  readonly reference: ImageReference
  readonly why: 'not found' | 'unreachable' | 'unauthorized' | 'forbidden' | 'too many requests'
  /** Who asked showed a user and a password. */
  readonly loggedIn: boolean
}
