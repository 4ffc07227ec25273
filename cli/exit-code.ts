/** 0 held · 1 an expectation, property or diff failed · 2 the scenario or the command line is wrong · 3 a bug in kscn · 130 interrupted. */
export const exitCode = { held: 0, failed: 1, wrong: 2, bug: 3, interrupted: 130 } as const
export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
