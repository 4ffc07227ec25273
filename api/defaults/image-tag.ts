const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/
const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const pathPattern = new RegExp(`^${component}(?:/${component})*$`)
const domainPattern =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/

const tags = new Map<string, string>()

const parse = (image: string): string => {
  if (/^[a-f0-9]{64}$/.test(image)) return ''
  const at = image.indexOf('@')
  const digest = at < 0 ? undefined : image.slice(at + 1)
  if (digest !== undefined && !digestPattern.test(digest)) return ''
  let name = at < 0 ? image : image.slice(0, at)
  const colon = name.lastIndexOf(':')
  let tag: string | undefined
  if (colon > name.lastIndexOf('/')) {
    tag = name.slice(colon + 1)
    name = name.slice(0, colon)
    if (!tagPattern.test(tag)) return ''
  }
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  const hasDomain = /[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first
  if (hasDomain && !domainPattern.test(first)) return ''
  if (!pathPattern.test(hasDomain ? name.slice(slash + 1) : name)) return ''
  return tag ?? (digest === undefined ? 'latest' : '')
}

/**
 * The tag of an image reference: `latest` where it names neither tag nor digest, nothing where it is no reference. Mirrors
 * parsers.ParseImageName (distribution/reference ParseNormalizedNamed), as SetDefaults_Container uses it.
 */
export const imageTag = (image: string): string => {
  let tag = tags.get(image)
  if (tag === undefined) {
    tag = parse(image)
    if (tags.size >= 10_000) tags.clear()
    tags.set(image, tag)
  }
  return tag
}
