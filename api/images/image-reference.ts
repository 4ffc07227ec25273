/** An image's name, taken apart and completed: `web` is `docker.io/library/web:latest`. */
export interface ImageReference {
  /** Host and port of its registry. */
  readonly host: string
  /** The path behind it: `library/web`. */
  readonly repository: string
  /** Empty where a digest is given instead. */
  readonly tag: string
  readonly digest: string
}

const hub = 'docker.io'

/** distribution/reference v0.6: ParseDockerRef with its splitDockerDomain, for names that have been found valid. */
export const imageReference = (image: string): ImageReference => {
  const slash = image.indexOf('/')
  const first = slash < 0 ? '' : image.slice(0, slash)
  const named = slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first)
  const host = !named || first === 'index.docker.io' ? hub : first
  const rest = named ? image.slice(slash + 1) : image
  const at = rest.indexOf('@')
  const digest = at < 0 ? '' : rest.slice(at + 1)
  const plain = at < 0 ? rest : rest.slice(0, at)
  const colon = plain.indexOf(':')
  const path = colon < 0 ? plain : plain.slice(0, colon)
  const repository = host === hub && !path.includes('/') ? `library/${path}` : path
  return { host, repository, tag: digest !== '' ? '' : colon < 0 ? 'latest' : plain.slice(colon + 1), digest }
}

/** The whole name: `docker.io/library/web:latest`. */
export const canonicalImage = ({ host, repository, tag, digest }: ImageReference): string =>
  `${host}/${repository}${digest === '' ? `:${tag}` : `@${digest}`}`

/** FamiliarString: without what Docker Hub's images need not say. */
export const familiarImage = ({ host, repository, tag, digest }: ImageReference): string =>
  `${familiarRepository({ host, repository })}${digest === '' ? `:${tag}` : `@${digest}`}`

/** FamiliarName */
export const familiarRepository = ({ host, repository }: Pick<ImageReference, 'host' | 'repository'>): string => {
  if (host !== hub) return `${host}/${repository}`
  const official = /^library\/([^/]+)$/.exec(repository)?.[1]
  return official ?? repository
}
