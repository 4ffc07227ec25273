import { builtinScheme } from './scheme/builtin-scheme.ts'

/** A timeline subject as kubectl names it: `pods/default/web-0` → `pod/web-0`, `pods/prod/web-0` → `pod/web-0@prod`. */
export const nounOf = (subject: string): string => {
  const [resourceText, ...rest] = subject.split('/')
  const resource = builtinScheme().byName(resourceText!)
  const singular = resource?.singular ?? resourceText!
  if (resource === undefined) return subject
  if (!resource.namespaced) return `${singular}/${rest.join('/')}`
  const [namespace, ...name] = rest
  return `${singular}/${name.join('/')}${namespace === 'default' ? '' : `@${namespace}`}`
}
