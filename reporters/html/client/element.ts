type Attributes = { readonly [name: string]: string | number | boolean | undefined | ((event: Event) => void) }
type Child = Node | string | undefined

/** An element with attributes, listeners (`onclick: …`) and children. Text is always text: nothing is ever parsed as markup. */
export const element = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] => {
  const made = document.createElement(tag)
  for (const name of Object.keys(attributes)) {
    const value = attributes[name]
    if (typeof value === 'function') made.addEventListener(name.slice(2), value)
    else if (value === true) made.setAttribute(name, '')
    else if (value !== undefined && value !== false) made.setAttribute(name, String(value))
  }
  for (const child of children) if (child !== undefined) made.append(child)
  return made
}
