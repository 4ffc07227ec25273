import type { KubeObject } from '../../api/object.ts'
import { parseLabelSelector } from '../../api/selectors/parse-label-selector.ts'
import type { Noun } from '../../dsl/plan/expression.ts'
import type { ContainerTruth } from '../record/container-truth.ts'
import { entrySubjects } from './entry-subjects.ts'
import { EvaluationError } from './evaluation-error.ts'
import { fieldFilter } from './field-filter.ts'
import type { Moment } from './moment.ts'
import { nodeLabelKey, nodeLabels } from './node-labels.ts'
import { nameMatcher, renderParts } from './render.ts'
import type { ObjectSubject, Subject } from './subject.ts'

export const pseudoKinds: ReadonlySet<string> = new Set([
  'zones',
  'pool',
  'apiserver',
  'etcd',
  'scheduler',
  'controller-manager',
  'controller',
  'autoscaler',
  'cloud-controller-manager',
  'kubelet',
  'kube-proxy',
  'registry',
  'webhook',
  'extender',
  'user',
  'serviceaccount-user',
  'containers',
  'events',
  'audit',
  'cluster',
  'machines',
])

/** Whether objects of the resource live in namespaces. What the server does not know yet is taken to. */
export const isNamespaced = (resource: string, moment: Moment): boolean =>
  moment.world.scheme().byName(resource)?.namespaced ?? true

/** The namespace a noun means: undefined for all of them, and for cluster-wide objects. */
export const nounNamespace = (noun: Noun, moment: Moment): string | undefined => {
  if (noun.namespace === '*' || !isNamespaced(noun.resource, moment)) return undefined
  return noun.namespace ?? moment.namespace
}

export const objectSubject = (resource: string, object: KubeObject, entry: number): ObjectSubject => ({
  kind: 'object',
  resource,
  namespace: object.metadata.namespace,
  name: object.metadata.name,
  uid: object.metadata.uid,
  object,
  entry,
})

/** The captured object as it is now; undefined once nothing with its UID is there. */
export const presentObject = (subject: ObjectSubject, moment: Moment): KubeObject | undefined => {
  const { state } = moment
  moment.reads.add(
    subject.namespace === undefined
      ? `${subject.resource}/${subject.name}`
      : `${subject.resource}/${subject.namespace}/${subject.name}`,
  )
  if (subject.entry === state.entry && moment.world.observer === undefined) return subject.object
  const now = state.get(subject.resource, subject.namespace, subject.name)
  return now?.metadata.uid === subject.uid ? now : undefined
}

const resolveObjects = (noun: Noun, moment: Moment): readonly Subject[] => {
  const { state } = moment
  const namespace = nounNamespace(noun, moment)
  const entry = state.entry
  const name = noun.name === undefined ? undefined : nameMatcher(noun.name, moment)
  if (name?.exact !== undefined && (namespace !== undefined || !isNamespaced(noun.resource, moment))) {
    moment.reads.add(
      namespace === undefined ? `${noun.resource}/${name.exact}` : `${noun.resource}/${namespace}/${name.exact}`,
    )
    const object = state.get(noun.resource, namespace, name.exact)
    if (object !== undefined) moment.world.seen?.add(noun)
    return object === undefined ? [] : [objectSubject(noun.resource, object, entry)]
  }
  moment.reads.add(noun.resource)
  const selector = noun.selector === undefined ? undefined : selectorOf(renderParts(noun.selector, moment))
  const isNode = noun.resource === 'nodes'
  const found: Subject[] = []
  for (const object of state.list(noun.resource, namespace)) {
    if (name !== undefined && !name.matches(object.metadata.name)) continue
    if (selector !== undefined && !selector.matches(isNode ? nodeLabels(object) : object.metadata.labels)) continue
    found.push(objectSubject(noun.resource, object, entry))
  }
  if (found.length > 0) moment.world.seen?.add(noun)
  return found
}

export const selectorOf = (
  text: string,
): { matches(labels: Readonly<Record<string, string>> | undefined): boolean } => {
  const selector = parseLabelSelector(text)
  if (!('matches' in selector)) throw new EvaluationError(`\`${text}\` is no label selector`)
  return selector
}

const resolveContainers = (noun: Noun, moment: Moment): readonly Subject[] => {
  moment.reads.add('containers/')
  const namespace = noun.namespace === '*' ? undefined : (noun.namespace ?? moment.namespace)
  const filter = noun.selector === undefined ? undefined : fieldFilter(renderParts(noun.selector, moment))
  const name = noun.name === undefined ? undefined : nameMatcher(noun.name, moment)
  const found: Subject[] = []
  for (const key of moment.state.truths('containers/')) {
    const truth = moment.state.truth(key) as ContainerTruth
    if (truth.state === 'Removed') continue
    const [, node, space, pod, container] = key.split('/') as [string, string, string, string, string]
    if (namespace !== undefined && space !== namespace) continue
    if (name !== undefined && !name.matches(container)) continue
    if (filter !== undefined && !filter({ ...truth.labels, node, pod, container, image: truth.image })) continue
    found.push({ kind: 'container', node, namespace: space, pod, container, truth })
  }
  return found
}

const named = (resource: string, name: string): Subject => ({ kind: 'named', resource, name })

const zonesOf = (noun: Noun, moment: Moment): readonly Subject[] => {
  moment.reads.add('nodes')
  const key = nodeLabelKey('zone')
  const zones = new Set<string>()
  for (const node of moment.state.list('nodes', undefined)) {
    const zone = node.metadata.labels?.[key]
    if (zone !== undefined) zones.add(zone)
  }
  const name = noun.name === undefined ? undefined : nameMatcher(noun.name, moment)
  const chosen = [...zones].filter((zone) => name === undefined || name.matches(zone))
  return chosen.sort((a, b) => (a < b ? -1 : 1)).map((zone) => named('zones', zone))
}

/** Components by name: `apiserver/0`, `kubelet/*`, `scheduler`; `etcd/leader` is whoever leads. */
const resolveComponents = (noun: Noun, moment: Moment): readonly Subject[] => {
  moment.reads.add('components/')
  const known = moment.world.components()
  if (noun.name === undefined) {
    const all = known.filter((name) => name === noun.resource || name.startsWith(`${noun.resource}/`))
    return all.map((name) => named(noun.resource, name))
  }
  const pattern = nameMatcher(noun.name, moment)
  const own = known.filter((name) => name.startsWith(`${noun.resource}/`))
  if (pattern.exact === 'leader') {
    return own.filter((name) => isLeader(name, moment)).map((name) => named(noun.resource, name))
  }
  return own
    .filter((name) => pattern.matches(name.slice(noun.resource.length + 1)))
    .map((name) => named(noun.resource, name))
}

/** Whether the component leads, as its last ground truth says. */
export const isLeader = (name: string, moment: Moment): boolean => {
  const truth = moment.state.truth(`components/${name}`) as { readonly leader?: boolean } | undefined
  return truth?.leader === true
}

/** What a noun names in the present state, in order of namespace and name. */
export const resolveNoun = (noun: Noun, moment: Moment): readonly Subject[] => {
  switch (noun.resource) {
    case '':
      return resolveBinding(noun, moment)
    case 'containers':
      return resolveContainers(noun, moment)
    case 'events':
    case 'audit':
      return entrySubjects(noun, moment)
    case 'zones':
      return zonesOf(noun, moment)
    case 'user':
    case 'pool':
    case 'registry':
    case 'webhook':
    case 'extender':
    case 'cluster':
    case 'machines': {
      const name = noun.name === undefined ? noun.resource : renderParts(noun.name.parts, moment)
      return [named(noun.resource, name)]
    }
    default:
      return pseudoKinds.has(noun.resource) ? resolveComponents(noun, moment) : resolveObjects(noun, moment)
  }
}

/** The things that a binding holds: one object, or a list of them. */
const resolveBinding = (noun: Noun, moment: Moment): readonly Subject[] => {
  const name = noun.name === undefined ? noun.text : renderParts(noun.name.parts, moment)
  const value = moment.bindings.get(name)
  if (value === undefined) throw new EvaluationError(`\`${name}\` is bound to nothing`)
  if (value.kind === 'subject') return [value.subject]
  if (value.kind === 'list') {
    return value.items.map((item) => {
      if (item.kind !== 'subject') throw new EvaluationError(`\`${name}\` holds ${item.kind}s, not objects`)
      return item.subject
    })
  }
  throw new EvaluationError(`\`${name}\` is a ${value.kind}, not an object`)
}

/** Whether a noun stands for many: plural, a glob, or a bound list. */
export const isPlural = (noun: Noun, moment: Moment): boolean => {
  if (noun.resource !== '') return noun.plural || noun.name?.kind === 'glob'
  const name = noun.name === undefined ? noun.text : renderParts(noun.name.parts, moment)
  return moment.bindings.get(name)?.kind === 'list'
}
