const names = new Set([
  '127.0.0.1',
  'localhost',
  '[::1]',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
])

/** The names under which the server answers, without a port. A page in a browser that another name leads here gets nothing. */
export const servedHosts: readonly string[] = [...names].map((name) => (name === '[::1]' ? '::1' : name))

/** Whether a Host header names this server. */
export const isAllowedHost = (host: string | undefined): boolean => {
  if (host === undefined) return false
  const found = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(host)
  return found !== null && names.has(found[1]!.toLowerCase())
}
