import type { EnvVar } from '../../api/types/core-v1.generated.ts'

/** k8s.io/kubernetes/third_party/forked/golang/expansion: $(NAME), with $$ for a dollar sign. */
export const expand = (text: string, lookUp: (name: string) => string | undefined): string => {
  let out = ''
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== '$' || at + 1 >= text.length) {
      out += text[at]!
      continue
    }
    const next = text[at + 1]!
    if (next === '$') {
      out += '$'
      at += 1
    } else if (next === '(') {
      const close = text.indexOf(')', at + 2)
      if (close < 0) {
        out += '$('
        at += 1
      } else {
        const name = text.slice(at + 2, close)
        out += lookUp(name) ?? `$(${name})`
        at = close
      }
    } else {
      out += `$${next}`
      at += 1
    }
  }
  return out
}

/** ExpandContainerCommandOnlyStatic */
export const expandCommand = (command: readonly string[], env: readonly EnvVar[]): readonly string[] => {
  if (!command.some((word) => word.includes('$'))) return command
  const values = new Map(env.map((one) => [one.name, one.value ?? '']))
  return command.map((word) => expand(word, (name) => values.get(name)))
}
