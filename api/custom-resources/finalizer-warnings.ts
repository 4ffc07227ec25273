import { isLabelKey } from '../names/label-names.ts'
import type { KubeObject } from '../object.ts'

const standard = ['orphan', 'foregroundDeletion', 'kubernetes']
const path = 'metadata.finalizers'

const ofOne = (finalizer: string): readonly string[] => {
  const told = `${path}: ${JSON.stringify(finalizer)}`
  const wrong = isLabelKey(finalizer).map((message) => `${told}: ${message}`)
  if (finalizer.includes('/') || standard.includes(finalizer)) return wrong
  const name = finalizer.includes('.') ? 'name including a path (/)' : 'name'
  return [
    ...wrong,
    `${told}: prefer a domain-qualified finalizer ${name} to avoid accidental conflicts with other finalizer writers`,
  ]
}

/** generateWarningsFromObj (registry/customresource/strategy.go): of finalizers that are new. */
export const finalizerWarnings = (object: KubeObject, old: KubeObject | undefined): readonly string[] => {
  const before = new Set(old?.metadata.finalizers ?? [])
  return [...new Set(object.metadata.finalizers ?? [])]
    .filter((one) => !before.has(one))
    .sort()
    .flatMap(ofOne)
}
