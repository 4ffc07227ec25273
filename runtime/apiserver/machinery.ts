import { applyDefaults } from '../../api/defaults/apply-defaults.ts'
import { canonicalObject, decode } from '../../api/decode/decode.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import * as prepare from '../../api/validation/prepare.ts'
import * as validate from '../../api/validation/validate.ts'
import { deprecationOf, warningsForCreate, warningsForUpdate } from '../../api/validation/warnings/warnings.ts'
import type { FieldCause } from './status.ts'
import type { UserInfo } from './user-info.ts'

// The one seam to the pure machinery of api/: what an object of a kind looks like, and what is wrong with it.

export { applyDefaults, canonicalObject, decode, deprecationOf, warningsForCreate, warningsForUpdate }

export interface Circumstances {
  /** RFC 3339 with whole seconds. */
  readonly now: string
  readonly user: UserInfo
}

/** exactOptionalPropertyTypes: a user without uid has no such field. */
const contextOf = ({ now, user }: Circumstances): NonNullable<Parameters<typeof prepare.prepareForCreate>[2]> => ({
  now,
  user: {
    name: user.name,
    groups: user.groups,
    extra: user.extra,
    ...(user.uid === undefined ? {} : { uid: user.uid }),
  },
})

export const prepareForCreate = (resource: Resource, object: KubeObject, circumstances: Circumstances): KubeObject =>
  prepare.prepareForCreate(resource, object, contextOf(circumstances))

export const prepareForUpdate = (
  resource: Resource,
  object: KubeObject,
  old: KubeObject,
  how: { readonly subresource: string; readonly circumstances: Circumstances },
): KubeObject =>
  prepare.prepareForUpdate(
    resource,
    object,
    old,
    how.subresource === ''
      ? { context: contextOf(how.circumstances) }
      : { subresource: how.subresource, context: contextOf(how.circumstances) },
  )

/** Events are stored as those of the core group; what may be in them is told by the version that was asked for. */
const judging = (stored: Resource, requested: Resource): Resource => (stored.kind === 'Event' ? requested : stored)

export const validateCreate = (stored: Resource, object: KubeObject, requested: Resource): readonly FieldCause[] =>
  validate.validateCreate(judging(stored, requested), object)

export const validateUpdate = (
  stored: Resource,
  object: KubeObject,
  old: KubeObject,
  how: { readonly requested: Resource; readonly subresource: string },
): readonly FieldCause[] =>
  validate.validateUpdate(
    judging(stored, how.requested),
    object,
    old,
    how.subresource === '' ? undefined : how.subresource,
  )
