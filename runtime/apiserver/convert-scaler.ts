type Fields = Readonly<Record<string, unknown>>

const prefix = 'autoscaling.alpha.kubernetes.io/'
/** What autoscaling/v1 has no fields for; written and read by the conversion alone (pkg/apis/autoscaling/annotations.go). */
const roundTrip = [
  'metrics',
  'behavior',
  'scale-down-tolerance',
  'scale-up-tolerance',
  'current-metrics',
  'conditions',
].map((name) => prefix + name)

/** DefaultCPUUtilization */
const defaultUtilization = 80

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? (value as Fields[]) : [])

/** Without fields that hold nothing, as a struct with omitempty is written. */
const filled = (entries: Fields): Fields =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined && value !== null))

/** encoding/json escapes these. */
const goJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** One source of a metric: v2 has `metric`, `describedObject` and `target` or `current`; v1 spells each out. */
type MetricForm = 'target' | 'current'

const word = (form: MetricForm, rest: string): string => `${form}${rest}`

const sourceToV1 = (form: MetricForm, kind: string, source: Fields): Fields => {
  const value = fields(source[form])
  const metric = fields(source['metric'])
  const average = value['averageValue']
  /** A status of a resource always has its value, a target need not. */
  const always = form === 'current' ? (average ?? '0') : average
  switch (kind) {
    case 'object': {
      const { kind: described, name, apiVersion } = fields(source['describedObject'])
      return filled({
        target: filled({ kind: described, name, apiVersion }),
        metricName: metric['name'],
        [word(form, 'Value')]: value['value'] ?? '0',
        selector: metric['selector'],
        averageValue: average,
      })
    }
    case 'pods':
      return filled({
        metricName: metric['name'],
        [word(form, 'AverageValue')]: average ?? '0',
        selector: metric['selector'],
      })
    case 'external':
      return filled({
        metricName: metric['name'],
        metricSelector: metric['selector'],
        [word(form, 'Value')]: form === 'current' ? (value['value'] ?? '0') : value['value'],
        [word(form, 'AverageValue')]: average,
      })
    default:
      return filled({
        name: source['name'],
        [word(form, 'AverageUtilization')]: value['averageUtilization'],
        [word(form, 'AverageValue')]: always,
        container: source['container'],
      })
  }
}

/** A target's type is told by what it holds. */
const typed = (value: Fields): Fields => ({
  type:
    value['averageUtilization'] !== undefined ? 'Utilization' : value['value'] !== undefined ? 'Value' : 'AverageValue',
  ...value,
})

const sourceToV2 = (form: MetricForm, kind: string, source: Fields): Fields => {
  const [own, average] = [source[word(form, 'Value')], source[word(form, 'AverageValue')]]
  const shaped = (value: Fields): Fields => (form === 'target' ? typed(filled(value)) : filled(value))
  const metric = (selector: unknown): Fields => filled({ name: source['metricName'], selector })
  switch (kind) {
    case 'object': {
      const given = source['averageValue']
      const value = form === 'target' && given !== undefined && own === '0' ? undefined : own
      const held = filled({ value, averageValue: given })
      return {
        describedObject: source['target'],
        [form]: form === 'target' ? { type: given === undefined ? 'Value' : 'AverageValue', ...held } : held,
        metric: metric(source['selector']),
      }
    }
    case 'pods':
      return { metric: metric(source['selector']), [form]: shaped({ averageValue: average }) }
    case 'external':
      return { metric: metric(source['metricSelector']), [form]: shaped({ value: own, averageValue: average }) }
    default:
      return filled({
        name: source['name'],
        container: source['container'],
        [form]: shaped({ averageValue: average, averageUtilization: source[word(form, 'AverageUtilization')] }),
      })
  }
}

const kinds = ['object', 'pods', 'resource', 'containerResource', 'external']

const metricTo = (convert: typeof sourceToV1, form: MetricForm, metric: Fields): Fields => ({
  type: metric['type'],
  ...Object.fromEntries(
    kinds.filter((kind) => metric[kind] !== undefined).map((kind) => [kind, convert(form, kind, fields(metric[kind]))]),
  ),
})

const utilizationOf = (metric: Fields, form: MetricForm): number | undefined => {
  const resource = fields(metric['resource'])
  if (metric['type'] !== 'Resource' || resource['name'] !== 'cpu') return undefined
  return fields(resource[form])['averageUtilization'] as number | undefined
}

const rulesToInternal = (value: unknown): Fields | null => {
  if (value === undefined || value === null) return null
  const rules = fields(value)
  return {
    StabilizationWindowSeconds: rules['stabilizationWindowSeconds'] ?? null,
    SelectPolicy: rules['selectPolicy'] ?? null,
    Policies:
      rules['policies'] === undefined
        ? null
        : list(rules['policies']).map((one) => ({
            Type: one['type'],
            Value: one['value'] ?? 0,
            PeriodSeconds: one['periodSeconds'] ?? 0,
          })),
    Tolerance: rules['tolerance'] ?? null,
  }
}

const rulesToV2 = (value: unknown): Fields | undefined => {
  if (value === undefined || value === null) return undefined
  const rules = fields(value)
  return filled({
    stabilizationWindowSeconds: rules['StabilizationWindowSeconds'],
    selectPolicy: rules['SelectPolicy'],
    policies: Array.isArray(rules['Policies'])
      ? list(rules['Policies']).map((one) => ({
          type: one['Type'],
          value: one['Value'] ?? 0,
          periodSeconds: one['PeriodSeconds'] ?? 0,
        }))
      : undefined,
    tolerance: rules['Tolerance'],
  })
}

/** The object with its round-trip annotations taken out and others put in. */
const annotated = (object: Fields, added: Readonly<Record<string, string>>): Fields => {
  const metadata = fields(object['metadata'])
  const before = metadata['annotations'] as Readonly<Record<string, string>> | undefined
  if (Object.keys(added).length === 0 && !roundTrip.some((name) => before?.[name] !== undefined)) return object
  const kept = Object.entries(before ?? {}).filter(([name]) => !roundTrip.includes(name))
  const annotations = Object.fromEntries(
    [...kept, ...Object.entries(added)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  )
  const { annotations: _, ...rest } = metadata
  if (Object.keys(annotations).length === 0) return { ...object, metadata: rest }
  const { ownerReferences, finalizers, managedFields, ...first } = rest
  return { ...object, metadata: { ...first, annotations, ...filled({ ownerReferences, finalizers, managedFields }) } }
}

/** autoscaling/v2 → v1 (pkg/apis/autoscaling/v1/conversion.go): one metric has a field, all else goes into annotations. */
export const scalerToV1 = (object: Fields): Fields => {
  const { metrics, behavior, ...spec } = fields(object['spec'])
  const status = object['status'] === undefined ? undefined : fields(object['status'])
  const utilization = list(metrics)
    .map((one) => utilizationOf(one, 'target'))
    .find((one) => one !== undefined)
  const others = list(metrics).filter((one) => utilizationOf(one, 'target') === undefined)
  const current = list(status?.['currentMetrics'])
  const conditions = list(status?.['conditions'])
  const added: Record<string, string> = {}
  if (others.length > 0) added[`${prefix}metrics`] = goJson(others.map((one) => metricTo(sourceToV1, 'target', one)))
  if (current.length > 0)
    added[`${prefix}current-metrics`] = goJson(current.map((one) => metricTo(sourceToV1, 'current', one)))
  if (behavior !== undefined && behavior !== null)
    added[`${prefix}behavior`] = goJson({
      ScaleUp: rulesToInternal(fields(behavior)['scaleUp']),
      ScaleDown: rulesToInternal(fields(behavior)['scaleDown']),
    })
  if (conditions.length > 0)
    added[`${prefix}conditions`] = goJson(
      conditions.map(({ type, status: is, lastTransitionTime, reason, message }) => ({
        type,
        status: is,
        lastTransitionTime: lastTransitionTime ?? null,
        ...(reason === undefined || reason === '' ? {} : { reason }),
        ...(message === undefined || message === '' ? {} : { message }),
      })),
    )
  const used = current
    .map((one) => utilizationOf(one, 'current'))
    .filter((one) => one !== undefined)
    .at(-1)
  return {
    ...annotated(object, added),
    spec: { ...spec, ...filled({ targetCPUUtilizationPercentage: utilization }) },
    ...(status === undefined
      ? {}
      : {
          status: filled({
            observedGeneration: status['observedGeneration'],
            lastScaleTime: status['lastScaleTime'],
            currentReplicas: status['currentReplicas'] ?? 0,
            desiredReplicas: status['desiredReplicas'] ?? 0,
            currentCPUUtilizationPercentage: used,
          }),
        }),
  }
}

const parsed = (object: Fields, name: string): unknown => {
  const annotations = fields(fields(object['metadata'])['annotations'])
  const text = annotations[prefix + name]
  if (typeof text !== 'string') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    // What does not parse is dropped without a word.
    return undefined
  }
}

/** autoscaling/v1 → v2: the annotations are read back and dropped. */
export const scalerToV2 = (object: Fields): Fields => {
  const { targetCPUUtilizationPercentage: percentage, ...spec } = fields(object['spec'])
  const status = object['status'] === undefined ? undefined : fields(object['status'])
  const cpu = (form: MetricForm, value: Fields): Fields => ({
    type: 'Resource',
    resource: { name: 'cpu', [form]: value },
  })
  const told = parsed(object, 'metrics')
  const metrics = [
    ...(Array.isArray(told) ? list(told).map((one) => metricTo(sourceToV2, 'target', one)) : []),
    ...(percentage === undefined ? [] : [cpu('target', { type: 'Utilization', averageUtilization: percentage })]),
  ]
  const internal = fields(parsed(object, 'behavior'))
  const behavior = filled({ scaleUp: rulesToV2(internal['ScaleUp']), scaleDown: rulesToV2(internal['ScaleDown']) })
  const currentTold = parsed(object, 'current-metrics')
  const conditionsTold = parsed(object, 'conditions')
  const used = status?.['currentCPUUtilizationPercentage']
  const current = Array.isArray(currentTold)
    ? list(currentTold).map((one) => metricTo(sourceToV2, 'current', one))
    : used === undefined
      ? []
      : [cpu('current', { averageUtilization: used })]
  const bare = annotated(object, {})
  return {
    ...bare,
    spec: {
      ...spec,
      // Of no metric at all, v1 means this.
      metrics:
        metrics.length > 0 ? metrics : [cpu('target', { type: 'Utilization', averageUtilization: defaultUtilization })],
      ...(Object.keys(behavior).length === 0 ? {} : { behavior }),
    },
    ...(status === undefined
      ? {}
      : {
          status: {
            ...filled({
              observedGeneration: status['observedGeneration'],
              lastScaleTime: status['lastScaleTime'],
              currentReplicas: status['currentReplicas'],
            }),
            desiredReplicas: status['desiredReplicas'] ?? 0,
            currentMetrics: current.length === 0 ? null : current,
            ...(Array.isArray(conditionsTold) ? { conditions: conditionsTold } : {}),
          },
        }),
  }
}
