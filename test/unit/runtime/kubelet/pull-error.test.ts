import { describe, expect, it } from 'vitest'
import { pullError } from '../../../../runtime/kubelet/pull-error.ts'

describe('why a pull failed', () => {
  it.each([
    ['not found', 'ErrImagePull', 'not found'],
    ['see RegistryUnavailable', 'ErrImagePull', 'see RegistryUnavailable'],
    ['RegistryUnavailable', 'RegistryUnavailable', 'image pull failed for web:v1 because the registry is unavailable'],
    [
      'RegistryUnavailable: connection refused',
      'RegistryUnavailable',
      'image pull failed for web:v1 because the registry is unavailable: connection refused',
    ],
    [
      'SignatureValidationFailed: no signature',
      'SignatureValidationFailed',
      'image pull failed for web:v1 because the signature validation failed: no signature',
    ],
  ])('%s', (error, reason, message) => expect(pullError('web:v1', error)).toEqual({ reason, message }))
})
