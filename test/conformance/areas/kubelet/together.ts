/** Sorts runs of entries of one group by name, as the recorder does with what happens in parallel in one moment. */
export const together = <T>(list: T[], group: (entry: T) => string, name: (entry: T) => string): void => {
  for (let from = 0; from < list.length;) {
    let to = from + 1
    while (to < list.length && group(list[from]!) !== '' && group(list[to]!) === group(list[from]!)) to += 1
    const run = list.slice(from, to).sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0))
    list.splice(from, run.length, ...run)
    from = to
  }
}
