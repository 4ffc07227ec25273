import gatesJson from '../../api/schema/data/feature-gates.json' with { type: 'json' }

/** Minor versions that a cluster can be of: 1.36.3's components, as they are or emulating an older one. */
export const versions = ['1.34', '1.35', '1.36'] as const
export type Version = (typeof versions)[number]

/**
 * Every feature gate of Kubernetes 1.36.3 (pkg/features/kube_features.go and its staging modules): its default in each of `versions`.
 * Capitals: locked; `-`: not there yet.
 */
const gates = gatesJson as Readonly<Record<string, string>>

/** The gates that something here reads. All of them are on in 1.36. */
export const builtGates: ReadonlySet<string> = new Set([
  'ClearingNominatedNodeNameAfterBinding',
  'DeploymentReplicaSetTerminatingReplicas',
  'KubeletEnsureSecretPulledImages',
  'NodeDeclaredFeatures',
  'PLEGOnDemandRelist',
  'PodTopologyLabelsAdmission',
  'StaleControllerConsistencyDaemonSet',
  'StaleControllerConsistencyJob',
  'StaleControllerConsistencyReplicaSet',
  'StaleControllerConsistencyStatefulSet',
])

export interface Gate {
  readonly on: boolean
  readonly locked: boolean
}

export const gateNames = (): readonly string[] => Object.keys(gates)

/** A gate in a version; undefined: that version has none of this name. */
export const gateOf = (name: string, version: Version): Gate | undefined => {
  const word = Object.hasOwn(gates, name) ? gates[name]!.split(' ')[versions.indexOf(version)] : undefined
  return word === undefined || word === '-'
    ? undefined
    : { on: word.toLowerCase() === 'on', locked: word !== word.toLowerCase() }
}

/** The built gates that a version has otherwise than 1.36. */
export const featuresOf = (version: Version): Readonly<Record<string, boolean>> =>
  Object.fromEntries(
    [...builtGates].filter((name) => gateOf(name, version)?.on !== true).map((name) => [name, false] as const),
  )

export const isVersion = (text: string): text is Version => (versions as readonly string[]).includes(text)
