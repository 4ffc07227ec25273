import { isDns1123Subdomain } from '../names/dns-names.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { invalid, invalids, notSupported, required, type Cause } from './cause.ts'
import { labelSelectorCauses } from './label-selector.ts'
import { pathSegmentName } from './object-meta.ts'
import type { Strategy } from './strategy.ts'
import { child, list, strings, struct, text, type View } from './view.ts'

const group = 'rbac.authorization.k8s.io'

const ruleCauses = (role: View, namespaced: boolean): Cause[] =>
  list(role, 'rules').flatMap((rule, i) => {
    const at = `rules[${i}]`
    const causes: Cause[] = []
    if (strings(rule, 'verbs').length === 0)
      causes.push(required(`${at}.verbs`, 'verbs must contain at least one value'))
    const urls = strings(rule, 'nonResourceURLs')
    if (urls.length > 0) {
      if (namespaced)
        causes.push(invalid(`${at}.nonResourceURLs`, urls, 'namespaced rules cannot apply to non-resource URLs'))
      if (['apiGroups', 'resources', 'resourceNames'].some((key) => strings(rule, key).length > 0)) {
        causes.push(
          invalid(`${at}.nonResourceURLs`, urls, 'rules cannot apply to both regular resources and non-resource URLs'),
        )
      }
      return causes
    }
    if (strings(rule, 'apiGroups').length === 0) {
      causes.push(required(`${at}.apiGroups`, 'resource rules must supply at least one api group'))
    }
    if (strings(rule, 'resources').length === 0) {
      causes.push(required(`${at}.resources`, 'resource rules must supply at least one resource'))
    }
    return causes
  })

const aggregationCauses = (role: View): Cause[] => {
  const rule = child(role, 'aggregationRule')
  if (rule === undefined) return []
  const selectors = list(rule, 'clusterRoleSelectors')
  const path = 'aggregationRule.clusterRoleSelectors'
  return selectors.length === 0
    ? [required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil')]
    : selectors.flatMap((selector, i) => labelSelectorCauses(selector, `${path}[${i}]`))
}

// ValidateRBACName asks for a path segment, whether it is a name or a prefix.
const name = (value: string): readonly string[] => pathSegmentName(value, false)

export const roleStrategy: Strategy = { name, revalidates: 'before', validate: (role) => ruleCauses(role, true) }

export const clusterRoleStrategy: Strategy = {
  name,
  revalidates: 'before',
  validate: (role) => [...ruleCauses(role, false), ...aggregationCauses(role)],
}

const subjectCauses = (subject: View, path: string, namespaced: boolean): Cause[] => {
  const causes: Cause[] = []
  const own = text(subject, 'name')
  const apiGroup = text(subject, 'apiGroup')
  if (own === '') causes.push(required(`${path}.name`))
  switch (text(subject, 'kind')) {
    case 'ServiceAccount':
      if (own !== '') causes.push(...invalids(`${path}.name`, own, isDns1123Subdomain(own)))
      if (apiGroup !== '') causes.push(notSupported(`${path}.apiGroup`, apiGroup, ['']))
      if (!namespaced && text(subject, 'namespace') === '') causes.push(required(`${path}.namespace`))
      break
    case 'User':
    case 'Group':
      if (apiGroup !== group) causes.push(notSupported(`${path}.apiGroup`, apiGroup, [group]))
      break
    default:
      causes.push(notSupported(`${path}.kind`, text(subject, 'kind'), ['ServiceAccount', 'User', 'Group']))
  }
  return causes
}

const bindingCauses = (binding: View, namespaced: boolean): Cause[] => {
  const ref = struct(binding, 'roleRef')
  const causes: Cause[] = []
  if (text(ref, 'apiGroup') !== group) causes.push(notSupported('roleRef.apiGroup', text(ref, 'apiGroup'), [group]))
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']
  if (!kinds.includes(text(ref, 'kind'))) causes.push(notSupported('roleRef.kind', text(ref, 'kind'), kinds))
  if (text(ref, 'name') === '') causes.push(required('roleRef.name'))
  else causes.push(...invalids('roleRef.name', text(ref, 'name'), name(text(ref, 'name'))))
  list(binding, 'subjects').forEach((subject, i) =>
    causes.push(...subjectCauses(subject, `subjects[${i}]`, namespaced)),
  )
  return causes
}

const refCauses = (binding: View, old: View): Cause[] =>
  structuralEqual(binding['roleRef'], old['roleRef'])
    ? []
    : [invalid('roleRef', { typed: binding['roleRef'], type: 'io.k8s.api.rbac.v1.RoleRef' }, 'cannot change roleRef')]

/** pkg/registry/rbac, pkg/apis/rbac/validation */
export const roleBindingStrategy: Strategy = {
  name,
  revalidates: 'before',
  validate: (binding) => bindingCauses(binding, true),
  validateUpdate: refCauses,
}

export const clusterRoleBindingStrategy: Strategy = {
  name,
  revalidates: 'before',
  validate: (binding) => bindingCauses(binding, false),
  validateUpdate: refCauses,
}
