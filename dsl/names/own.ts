/** A table's entry by a name from a scenario: what every object inherits (`constructor`) is none. */
export const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined
