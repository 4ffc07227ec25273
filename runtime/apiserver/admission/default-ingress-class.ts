import type { Ingress } from '../../../api/types/networking-v1.generated.ts'
import { newestDefault } from './default-class.ts'
import type { AdmissionPlugin } from './plugin.ts'

const annotation = 'ingressclass.kubernetes.io/is-default-class'
const classAnnotation = 'kubernetes.io/ingress.class'

/** plugin/pkg/admission/network/defaultingressclass */
export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  handles: (operation, resource, subresource) =>
    operation === 'CREATE' && resource.id === 'networking.k8s.io/v1/Ingress' && subresource === '',
  mutate(context, _attributes, object) {
    const ingress = object as Ingress
    if (ingress.metadata.annotations?.[classAnnotation] !== undefined || ingress.spec?.ingressClassName !== undefined)
      return ingress
    const found = newestDefault(context.lookupAll('networking.k8s.io/v1/IngressClass'), [annotation])
    return found === undefined
      ? ingress
      : ({ ...ingress, spec: { ...ingress.spec, ingressClassName: found.metadata.name } } as Ingress)
  },
}
