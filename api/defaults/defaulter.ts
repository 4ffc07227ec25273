import type { Fields } from './fill.ts'

/** A SetDefaults_X function of upstream: a value of its type, decoded, to one with defaults. Path-copying. */
export type Defaulter = (value: Fields) => Fields

/** By the type's name in types.json. */
export type Defaulters = Readonly<Record<string, Defaulter>>
