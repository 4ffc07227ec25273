import { structuralEqual } from '../../json/structural-equal.ts'
import { compareQuantities } from '../../quantity/compare-quantities.ts'
import { quantityOf } from '../../quantity/parse-quantity.ts'
import { child, list, map, optionalText, strings, struct, text, type View } from '../view.ts'
import { cidrWarnings, ipWarnings } from './addresses.ts'
import { claimSpecWarnings } from './fractional.ts'
import { nodeLabelProblem, nodeSelectorWarnings, nodeTermWarnings } from './node-labels.ts'
import { retiredPersistentVolumeWarnings } from './volumes.ts'

const annotationsOf = (object: View): Readonly<Record<string, string>> => map(struct(object, 'metadata'), 'annotations')
const betaClass = 'volume.beta.kubernetes.io/storage-class'
const betaClassWarning = `metadata.annotations[${betaClass}]: deprecated since v1.8; use "storageClassName" attribute instead`
const mountOptions = 'volume.beta.kubernetes.io/mount-options'

export const persistentVolumeWarnings = (object: View): readonly string[] => {
  const spec = struct(object, 'spec')
  const annotations = annotationsOf(object)
  const terms = list(child(child(spec, 'nodeAffinity'), 'required'), 'nodeSelectorTerms')
  return [
    ...(annotations[betaClass] === undefined ? [] : [betaClassWarning]),
    ...(annotations[mountOptions] === undefined
      ? []
      : [`metadata.annotations[${mountOptions}]: deprecated since v1.31; use "mountOptions" attribute instead`]),
    ...(text(spec, 'persistentVolumeReclaimPolicy') === 'Recycle'
      ? [
          'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
        ]
      : []),
    ...terms.flatMap((term, i) => nodeTermWarnings(term, false, `spec.nodeAffinity.required.nodeSelectorTerms[${i}]`)),
    ...retiredPersistentVolumeWarnings(spec),
  ]
}

export const persistentVolumeClaimWarnings = (object: View): readonly string[] => [
  ...(annotationsOf(object)[betaClass] === undefined ? [] : [betaClassWarning]),
  ...claimSpecWarnings(child(object, 'spec'), 'spec'),
]

export const nodeWarnings = (object: View): readonly string[] => {
  const spec = struct(object, 'spec')
  return [
    ...(child(spec, 'configSource') === undefined ? [] : ['spec.configSource: the feature is removed']),
    ...(text(spec, 'externalID') === ''
      ? []
      : ['spec.externalID: this field is deprecated, and is unused by Kubernetes']),
    ...strings(spec, 'podCIDRs').flatMap((cidr, i) => cidrWarnings(`spec.podCIDRs[${i}]`, cidr)),
  ]
}

export const podStatusWarnings = (object: View): readonly string[] => {
  const status = struct(object, 'status')
  return ['podIPs', 'hostIPs'].flatMap((field) =>
    list(status, field).flatMap((one, i) => ipWarnings(`status.${field}[${i}].ip`, text(one, 'ip'))),
  )
}

const ingressClass = 'kubernetes.io/ingress.class'
export const ingressWarnings = (object: View): readonly string[] =>
  annotationsOf(object)[ingressClass] !== undefined &&
  optionalText(struct(object, 'spec'), 'ingressClassName') === undefined
    ? [`annotation "${ingressClass}" is deprecated, please use 'spec.ingressClassName' instead`]
    : []

const enforceSecrets = 'kubernetes.io/enforce-mountable-secrets'
/** warnIfHasEnforceMountableSecretsAnnotation */
export const serviceAccountWarnings = (object: View, old?: View): readonly string[] =>
  annotationsOf(object)[enforceSecrets] === undefined ||
  (old !== undefined && annotationsOf(old)[enforceSecrets] !== undefined)
    ? []
    : [
        `metadata.annotations[${enforceSecrets}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
      ]

const ownSlices = new Set(['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io'])
const managedBy = 'endpointslice.kubernetes.io/managed-by'
export const endpointSliceUpdate = (object: View): readonly string[] =>
  ownSlices.has(map(struct(object, 'metadata'), 'labels')[managedBy] ?? '')
    ? []
    : list(object, 'endpoints').flatMap((endpoint, i) =>
        strings(endpoint, 'addresses').flatMap((address, j) => ipWarnings(`endpoints[${i}].addresses[${j}]`, address)),
      )
export const endpointSliceCreate = (object: View): readonly string[] => [
  ...(text(object, 'addressType') === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
  ...endpointSliceUpdate(object),
]

export const networkPolicyWarnings = (object: View): readonly string[] =>
  (
    [
      ['ingress', 'from'],
      ['egress', 'to'],
    ] as const
  ).flatMap(([rules, peers]) =>
    list(struct(object, 'spec'), rules).flatMap((rule, i) =>
      list(rule, peers).flatMap((peer, j) => {
        const block = child(peer, 'ipBlock')
        if (block === undefined) return []
        const path = `spec.${rules}[${i}].${peers}[${j}].ipBlock`
        return [
          ...cidrWarnings(`${path}.cidr`, text(block, 'cidr')),
          ...strings(block, 'except').flatMap((cidr, k) => cidrWarnings(`${path}.except[${k}]`, cidr)),
        ]
      }),
    ),
  )

export const csiDriverWarnings = (object: View, old?: View): readonly string[] => {
  const spec = struct(object, 'spec')
  const unchanged =
    old !== undefined && structuralEqual(struct(old, 'spec')['tokenRequests'] ?? [], spec['tokenRequests'] ?? [])
  if (
    unchanged ||
    list(spec, 'tokenRequests').length === 0 ||
    typeof spec['serviceAccountTokenInSecrets'] === 'boolean'
  ) {
    return []
  }
  return [
    'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes',
  ]
}

export const storageClassWarnings = (object: View): readonly string[] =>
  list(object, 'allowedTopologies').flatMap((topology, i) =>
    list(topology, 'matchLabelExpressions').flatMap((expression, j) => {
      const problem = nodeLabelProblem(text(expression, 'key'))
      return problem === undefined ? [] : [`allowedTopologies[${i}].matchLabelExpressions[${j}].key: ${problem}`]
    }),
  )

export const runtimeClassWarnings = (object: View): readonly string[] =>
  nodeSelectorWarnings(
    map(child(object, 'scheduling'), 'nodeSelector'),
    (_, problem) => `scheduling.nodeSelector: ${problem}`,
  )

const quotaResources = ['cpu', 'memory', 'ephemeral-storage']
/** resourcequotaStrategy.WarningsOnCreate: a request that may be larger than its limit. */
export const resourceQuotaWarnings = (object: View): readonly string[] => {
  const hard = map(struct(object, 'spec'), 'hard')
  const warnings: string[] = []
  for (const resource of quotaResources) {
    const plain = resource !== 'ephemeral-storage' && hard[`requests.${resource}`] === undefined
    const request = plain ? resource : `requests.${resource}`
    const limit = `limits.${resource}`
    const asked = hard[request]
    const most = hard[limit]
    if (asked === undefined || most === undefined) continue
    if (compareQuantities(quantityOf(asked), quantityOf(most)) > 0) {
      warnings.push(`ResourceQuota ${request} (${asked}) should be less than ${limit} (${most})`)
    }
  }
  return warnings
}

/** crypto/tls X509KeyPair. Differs: whether key and certificate belong together is not looked at. */
export const secretWarnings = (object: View): readonly string[] => {
  if (text(object, 'type') !== 'kubernetes.io/tls') return []
  const data = map(object, 'data')
  const certificate = pemTypes(data['tls.crt'] ?? '')
  if (!certificate.includes('CERTIFICATE')) {
    if (certificate.length === 0) return ['tls: failed to find any PEM data in certificate input']
    if (certificate.length === 1 && certificate[0]!.endsWith('PRIVATE KEY')) {
      return [
        'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
      ]
    }
    return [
      `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${certificate.join(' ')}]`,
    ]
  }
  const key = pemTypes(data['tls.key'] ?? '')
  if (key.some((type) => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY'))) return []
  if (key.length === 0) return ['tls: failed to find any PEM data in key input']
  if (key.length === 1 && key[0] === 'CERTIFICATE') {
    return ['tls: found a certificate rather than a key in the PEM for the private key']
  }
  return [
    `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${key.join(' ')}]`,
  ]
}

/** Types of the PEM blocks in base64 text. */
const pemTypes = (base64: string): readonly string[] =>
  [...atob(base64).matchAll(/-----BEGIN ([^-]+)-----[^]*?-----END \1-----/g)].map((found) => found[1]!)
