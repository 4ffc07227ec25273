/** A value as the language writes it: `30s` and `pod/web` are text as they stand. */
export type Value = string | number | boolean

/** Settings of a cluster, a pool or a behavior: a value, several, a list, or a block of them. */
export interface Settings {
  readonly [key: string]: Value | readonly Value[] | Settings | readonly Settings[]
}

/** A manifest: YAML as it stands, or an object. */
export type Manifest = string | object

export const quoted = (text: string): string => JSON.stringify(text)

const isValue = (given: unknown): given is Value =>
  typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean'

/** `{ cpu 2, zones [a, b], pool "workers 3" { … } }`: a key may carry its arguments. */
export const settingsText = (settings: Settings): string => {
  const lines = Object.entries(settings).flatMap(([key, given]): readonly string[] => {
    if (isValue(given)) return [given === true ? key : `${key} ${String(given)}`]
    if (!Array.isArray(given)) return [`${key} ${settingsText(given as Settings)}`]
    const items = given as readonly (Value | Settings)[]
    return items.every(isValue)
      ? [`${key} [${items.map(String).join(', ')}]`]
      : items.map((one) => `${key} ${settingsText(one as Settings)}`)
  })
  return lines.length === 0 ? '{ }' : `{\n${indented(lines).join('\n')}\n}`
}

/** A fence that no line of its content closes. */
export const fence = (info: string, content: string): string => {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map((one) => one[0].length))
  const ticks = '`'.repeat(longest + 1)
  return `${ticks}${info}\n${content.replace(/\n$/, '')}\n${ticks}`
}

export const yamlFence = (manifest: Manifest): string =>
  fence('yaml', typeof manifest === 'string' ? manifest : JSON.stringify(manifest, null, 2))

/** Blank lines stay blank, so that a block keeps its text. */
export const indented = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((one) => one.split('\n')).map((line) => (line === '' ? '' : `  ${line}`))
