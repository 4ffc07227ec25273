const changing: ReadonlySet<string> = new Set([
  'set', 'add', 'delete', 'clear', 'push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'copyWithin',
]) // prettier-ignore

/** What a user's plugin sees of the scheduler: everything, and nothing that it could change but by asking for it. */
export const readOnly = <A extends object>(target: A, name: string): A => {
  const views = new WeakMap<object, object>()
  const refuse = (property: string | symbol): never => {
    throw new TypeError(`${name} may not change ${String(property)}: what a plugin is given is not its own`)
  }
  const view = (value: unknown): unknown => {
    // Frozen objects cannot be changed as it is.
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
    let known = views.get(value)
    if (known === undefined) {
      known = viewOf(value)
      views.set(value, known)
    }
    return known
  }
  const viewOf = (value: object): object =>
    new Proxy(value, {
      get(own, property) {
        const item: unknown = Reflect.get(own, property, own)
        if (typeof item !== 'function') return view(item)
        const collection = own instanceof Map || own instanceof Set || Array.isArray(own) || ArrayBuffer.isView(own)
        if (collection && changing.has(String(property))) return () => refuse(property)
        return (...args: readonly unknown[]): unknown => view(Reflect.apply(item, own, args))
      },
      set: (_own, property) => refuse(property),
      defineProperty: (_own, property) => refuse(property),
      deleteProperty: (_own, property) => refuse(property),
    })
  return view(target) as A
}
