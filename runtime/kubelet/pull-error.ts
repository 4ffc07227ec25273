import type { StartError } from './pod-sync-result.ts'

/** pkg/kubelet/images/image_manager.go, evalCRIPullErr: some runtimes begin with a word that the kubelet knows (CRI-O does). */
export const pullError = (requested: string, error: string): StartError => {
  for (const [reason, why] of known) {
    if (!error.startsWith(reason)) continue
    return { reason, message: `image pull failed for ${requested} because ${why}${error.slice(reason.length)}` }
  }
  return { reason: 'ErrImagePull', message: error }
}

const known = [
  ['RegistryUnavailable', 'the registry is unavailable'],
  ['SignatureValidationFailed', 'the signature validation failed'],
] as const
