/** Takes no pod in its first 30 seconds, and waits for no event: only time brings a refused pod back. */
export default function OpensLater(handle) {
  const begun = handle.now()
  return {
    name: 'OpensLater',
    filter: () =>
      handle.now() < begun + 30_000_000 ? { code: 'Unschedulable', reasons: ['node(s) were not open yet'] } : undefined,
    events: [],
  }
}
