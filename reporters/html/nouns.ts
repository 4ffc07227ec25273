import { resourceName } from '../../api/object-key.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import { visibleText } from '../visible-text.ts'

export type Nouns = (subject: string) => string

/** Timeline subjects as kubectl names them (`pod/web-0@prod`), by the resources of a record alone: the page has no scheme. */
export const createNouns = (resources: readonly Resource[]): Nouns => {
  const byName = new Map(resources.map((one) => [resourceName(one), one]))
  const known = new Map<string, string>()
  const nounOf = (subject: string): string => {
    const [resource, ...rest] = subject.split('/')
    const found = byName.get(resource!)
    if (found === undefined) return subject
    if (!found.namespaced) return `${found.singular}/${rest.join('/')}`
    const [namespace, ...name] = rest
    return `${found.singular}/${name.join('/')}${namespace === 'default' ? '' : `@${namespace}`}`
  }
  return (subject) => {
    let noun = known.get(subject)
    if (noun === undefined) known.set(subject, (noun = visibleText(nounOf(subject))))
    return noun
  }
}
