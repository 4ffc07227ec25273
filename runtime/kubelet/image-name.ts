/** distribution/reference: ParseNormalizedNamed, as far as the kubelet asks: is it a name, and has it a tag or a digest? */
export interface ImageName {
  readonly tag: string | undefined
  readonly digest: string | undefined
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const domainComponent = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const domain = `(?:${domainComponent}(?:\\.${domainComponent})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`
const shape = new RegExp(
  `^((?:${domain}/)?${component}(?:/${component})*)(?::([\\w][\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$`,
)

/** splitDockerDomain: docker.io and its library are understood. */
const normalized = (image: string): { readonly domain: string; readonly rest: string } => {
  const slash = image.indexOf('/')
  const first = slash < 0 ? '' : image.slice(0, slash)
  if (slash < 0 || (!/[.:]/.test(first) && first !== 'localhost' && first.toLowerCase() === first)) {
    return { domain: 'docker.io', rest: slash < 0 ? `library/${image}` : image }
  }
  return { domain: first, rest: image.slice(slash + 1) }
}

/** The name's parts, or what upstream says against it. */
export const parseImageName = (image: string): ImageName | string => {
  if (/^[a-f0-9]{64}$/.test(image)) {
    return `invalid repository name (${image}), cannot specify 64-byte hexadecimal strings`
  }
  const { domain: host, rest } = normalized(image)
  const colon = rest.indexOf(':')
  const repository = colon < 0 ? rest : rest.slice(0, colon)
  if (repository.toLowerCase() !== repository) {
    return `invalid reference format: repository name (${repository}) must be lowercase`
  }
  const match = shape.exec(`${host}/${rest}`)
  if (match === null) return 'invalid reference format'
  return { tag: match[2], digest: match[3] }
}

/** images.applyDefaultImageTag */
export const withDefaultTag = (image: string): { readonly image: string } | { readonly error: string } => {
  const parsed = parseImageName(image)
  if (typeof parsed === 'string') return { error: `couldn't parse image name ${JSON.stringify(image)}: ${parsed}` }
  if (parsed.tag === undefined && parsed.digest === undefined) return { image: `${image}:latest` }
  return { image }
}
