import type { Template } from '../plan/document.ts'
import type { ScenarioPlan } from '../plan/plan.ts'
import { eachOperation, fieldsOf, itemsOf } from './walk-plan.ts'

export interface ManifestContainer {
  /** undefined: only the run knows. */
  readonly image: string | undefined
  readonly fields: Readonly<Record<string, Template>>
}

/** Every container that the manifests of a scenario name, in pods and templates of pods. */
export const manifestContainers = (plan: ScenarioPlan): readonly ManifestContainer[] => {
  const found: ManifestContainer[] = []
  const go = (value: Template): void => {
    for (const one of itemsOf(value)) go(one)
    for (const [key, one] of Object.entries(fieldsOf(value))) {
      if (key === 'containers' || key === 'initContainers' || key === 'ephemeralContainers')
        for (const item of itemsOf(one)) {
          const fields = fieldsOf(item)
          found.push({ image: typeof fields['image'] === 'string' ? fields['image'] : undefined, fields })
        }
      else go(one)
    }
  }
  eachOperation(plan.body, (operation) => {
    if (operation.kind !== 'step') return
    const { step } = operation
    if ('documents' in step) for (const one of step.documents) go(one.value)
    if (step.verb === 'patch') go(step.patch.value)
    if (step.verb === 'put') go(step.manifest.value)
    if (step.verb === 'set-image')
      for (const { image } of step.images)
        found.push({
          image: image.kind === 'literal' && image.value.type === 'string' ? image.value.value : undefined,
          fields: {},
        })
    // What a step from elsewhere does is not known here.
  })
  return found
}

/** Whether anything but the manifests can make containers in a scenario. */
export const makesContainersElsewhere = (plan: ScenarioPlan): boolean => {
  let answer = false
  eachOperation(plan.body, (operation) => {
    if (operation.kind === 'external' || operation.kind === 'plan') answer = true
  })
  return answer || (plan.cluster.controllers?.length ?? 0) > 0
}

/** A glob of an image, as the run matches it. */
export const matchesImage = (glob: string, image: string): boolean =>
  new RegExp(`^${glob.replace(/[.+?^$()|[\]{}\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's').test(image)
