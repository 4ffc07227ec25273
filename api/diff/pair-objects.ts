import type { KubeObject } from '../object.ts'

/** An object and the key by which two clusters know it: group, kind, namespace and name. */
export interface Keyed {
  readonly key: string
  readonly object: KubeObject
}

export interface Pairing<K extends Keyed> {
  readonly pairs: readonly (readonly [before: K, after: K])[]
  readonly removed: readonly K[]
  readonly added: readonly K[]
  /** Names and uids of the second cluster that stand for others of the first: generated ones of another run. */
  readonly renamed: ReadonlyMap<string, string>
}

/** Labels whose value is a hash that is part of the object's name. */
const hashLabels = ['pod-template-hash', 'controller-revision-hash', 'controller.kubernetes.io/hash'] as const

const hashOf = ({ metadata: { labels = {} } }: KubeObject): string | undefined => {
  for (const label of hashLabels) if (labels[label] !== undefined && labels[label] !== '') return labels[label]
  return undefined
}

/** What objects of generated names have in common that would bear the same name if it were not generated. */
const familyOf = ({ key, object }: Keyed): string | undefined => {
  const { name, generateName } = object.metadata as { readonly name: string; readonly generateName?: string }
  const kind = key.slice(0, key.length - name.length)
  const hash = hashOf(object)
  const stem = generateName !== undefined && name.startsWith(generateName) ? generateName : undefined
  if (stem === undefined)
    return hash !== undefined && name.endsWith(`-${hash}`) ? `${kind}${name.slice(0, -hash.length)}` : undefined
  return `${kind}${hash === undefined ? stem : stem.replace(`-${hash}-`, '-<hash>-')}*`
}

const byAge = (a: Keyed, b: Keyed): number => {
  const [left, right] = [a, b].map(({ key, object }) => `${object.metadata.creationTimestamp ?? ''} ${key}`)
  return left! < right! ? -1 : 1
}

const inFamilies = <K extends Keyed>(objects: readonly K[]): ReadonlyMap<string, readonly K[]> => {
  const families = new Map<string, K[]>()
  for (const one of [...objects].sort(byAge)) {
    const family = familyOf(one)
    if (family === undefined) continue
    const known = families.get(family)
    if (known === undefined) families.set(family, [one])
    else known.push(one)
  }
  return families
}

/**
 * Which object of one cluster is which of another. Names decide; objects of generated names that found nobody are paired by
 * age, unless both are states of the same cluster: there, another name is another object. Where nobody says whether they are,
 * a uid that both know tells.
 */
export const pairObjects = <K extends Keyed>(
  before: readonly K[],
  after: readonly K[],
  same: boolean | undefined,
): Pairing<K> => {
  const fresh = new Map(after.map((one) => [one.key, one]))
  const pairs: (readonly [K, K])[] = []
  const left: K[] = []
  for (const one of before) {
    const other = fresh.get(one.key)
    if (other === undefined) left.push(one)
    else {
      pairs.push([one, other])
      fresh.delete(one.key)
    }
  }
  const renamed = new Map<string, string>()
  const sameCluster =
    same ??
    pairs.some(([a, b]) => a.object.metadata.uid !== undefined && a.object.metadata.uid === b.object.metadata.uid)
  if (!sameCluster) {
    const families = inFamilies([...fresh.values()])
    for (const [family, own] of inFamilies(left)) {
      const theirs = families.get(family) ?? []
      for (const [index, one] of own.slice(0, theirs.length).entries()) {
        const other = theirs[index]!
        pairs.push([one, other])
        fresh.delete(other.key)
        renamed.set(other.object.metadata.name, one.object.metadata.name)
        const [hash, otherHash] = [hashOf(one.object), hashOf(other.object)]
        if (hash !== undefined && otherHash !== undefined && hash !== otherHash) renamed.set(otherHash, hash)
      }
    }
    for (const [a, b] of pairs) {
      const [uid, other] = [a.object.metadata.uid, b.object.metadata.uid]
      if (uid !== undefined && other !== undefined && uid !== other) renamed.set(other, uid)
    }
  }
  const paired = new Set(pairs.map(([one]) => one))
  return {
    pairs: pairs.sort(([a], [b]) => (a.key < b.key ? -1 : 1)),
    removed: left.filter((one) => !paired.has(one)).sort((a, b) => (a.key < b.key ? -1 : 1)),
    added: [...fresh.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
    renamed,
  }
}
