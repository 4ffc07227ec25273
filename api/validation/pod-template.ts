import { selectorFromObject, validSelector } from '../selectors/label-selector-from-object.ts'
import { forbidden, invalid, notSupported, required, type Cause } from './cause.ts'
import { labelSelectorCauses } from './label-selector.ts'
import { annotationCauses, labelCauses } from './object-meta.ts'
import { podSpecCauses } from './pod-spec.ts'
import { child, isEmpty, list, map, optionalNumber, struct, text, type View } from './view.ts'

/** ValidatePodTemplateSpec */
export const podTemplateCauses = (template: View, path: string): Cause[] => {
  const meta = struct(template, 'metadata')
  const spec = struct(template, 'spec')
  return [
    ...labelCauses(map(meta, 'labels'), `${path}.labels`),
    ...annotationCauses(map(meta, 'annotations'), `${path}.annotations`),
    ...podSpecCauses(spec, `${path}.spec`, false),
    ...(list(spec, 'ephemeralContainers').length > 0
      ? [forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template')]
      : []),
  ]
}

/** metav1.LabelSelectorAsSelector gives an error. */
export const isBrokenSelector = (selector: View | undefined): boolean => 'error' in selectorFromObject(selector)

export const isEmptySelector = (selector: View): boolean =>
  isEmpty(map(selector, 'matchLabels')) && list(selector, 'matchExpressions').length === 0

/** Whether a selector that is nil (nothing matches) or valid matches labels. */
export const selects = (selector: View | undefined, labels: Readonly<Record<string, string>>): boolean =>
  validSelector(selector).matches(labels)

const mismatch = '`selector` does not match template `labels`'

/** What a template must fulfil for its selector. A selector that matches everything is no matter. */
export const matchCauses = (selector: View | undefined, template: View, path: string): Cause[] => {
  const labels = struct(template, 'metadata')['labels']
  return selects(selector, map(struct(template, 'metadata'), 'labels'))
    ? []
    : [invalid(`${path}.metadata.labels`, labels, mismatch)]
}

/** Only pods that restart for ever fit a controller that keeps their number. */
export const restartAlwaysCauses = (template: View, path: string, kind: string): Cause[] => {
  const spec = struct(template, 'spec')
  const causes: Cause[] = []
  if (text(spec, 'restartPolicy') !== 'Always') {
    causes.push(notSupported(`${path}.spec.restartPolicy`, text(spec, 'restartPolicy'), ['Always']))
  }
  if (optionalNumber(spec, 'activeDeadlineSeconds') !== undefined) {
    causes.push(forbidden(`${path}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`))
  }
  return causes
}

/** The selector and the template of a Deployment or a ReplicaSet. */
export const selectorAndTemplateCauses = (spec: View, path: string): Cause[] => {
  const selector = child(spec, 'selector')
  const causes: Cause[] = []
  if (selector === undefined) causes.push(required(`${path}.selector`))
  else {
    causes.push(...labelSelectorCauses(selector, `${path}.selector`))
    if (isEmptySelector(selector))
      causes.push(invalid(`${path}.selector`, selector, 'empty selector is invalid for deployment'))
  }
  if (isBrokenSelector(selector)) causes.push(invalid(`${path}.selector`, selector, 'invalid label selector'))
  else {
    const template = struct(spec, 'template')
    const at = `${path}.template`
    causes.push(
      ...matchCauses(selector, template, at),
      ...podTemplateCauses(template, at),
      ...restartAlwaysCauses(template, at, 'ReplicaSet'),
    )
  }
  return causes
}
