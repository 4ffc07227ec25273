const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)
const parts: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
}

/** A property's name as expressions write it; undefined: they cannot (k8s.io/apiserver/pkg/cel/escaping.go). */
export const escapeName = (name: string): string | undefined => {
  if (name === '' || /^[0-9]/.test(name)) return undefined
  if (reserved.has(name)) return `__${name}__`
  if (/[^A-Za-z0-9_./-]/.test(name)) return undefined
  return name.replace(/__|[./-]/g, (part) => parts[part]!)
}
