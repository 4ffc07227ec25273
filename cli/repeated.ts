/** An option that may stand several times. */
export const repeated = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]
