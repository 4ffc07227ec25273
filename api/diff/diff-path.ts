/** One step from an object to a place in it. Items of keyed lists are named by their keys, those of sets by themselves. */
export type DiffStep =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'keys'; readonly keys: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'item'; readonly item: string }
  | { readonly kind: 'index'; readonly index: number }

const plain = /^[A-Za-z_][\w-]*$/

/** `{.spec.template.spec.containers[name=app].image}`, as scenarios write it. */
export const diffPathText = (path: readonly DiffStep[]): string => {
  let text = ''
  for (const step of path) {
    switch (step.kind) {
      case 'field':
        text += plain.test(step.name) ? `.${step.name}` : `["${step.name}"]`
        break
      case 'keys':
        text += `[${step.keys.map(([name, value]) => `${name}=${value}`).join(',')}]`
        break
      case 'item':
        text += `[${step.item}]`
        break
      case 'index':
        text += `[${step.index}]`
    }
  }
  return `{${text}}`
}
