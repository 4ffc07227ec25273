/** `pod/web@prod`, `pod/web-*` → whether a pod, by namespace/name, is meant. */
export const explainedPods = (noun: string): ((key: string) => boolean) => {
  const [, name = '', namespace = 'default'] = /^(?:pods?\/|po\/)?([^@]*)(?:@(.+))?$/.exec(noun) ?? []
  if (name.endsWith('*')) return (key) => key.slice(key.indexOf('/') + 1).startsWith(name.slice(0, -1))
  return (key) => key === `${namespace}/${name}`
}
